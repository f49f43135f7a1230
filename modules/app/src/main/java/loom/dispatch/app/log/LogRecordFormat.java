package loom.dispatch.app.log;

import loom.dispatch.runtime.LogEvent;
import loom.dispatch.runtime.LogFormat;
import loom.dispatch.runtime.LogJsonFormat;
import loom.dispatch.runtime.LogTextFormat;

import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Converts a record of java.util.logging to the text that {@code LOG_FORMAT} asks for. */
public enum LogRecordFormat {
    /** {@code key=value} pairs on one line. A stack trace follows on lines of its own. */
    TEXT(new LogTextFormat()),

    /** One JSON object on one line. */
    JSON_LINES(new LogJsonFormat());

    private final LogFormat format;

    LogRecordFormat(LogFormat format) {
        this.format = format;
    }

    /** Returns the format that the value of {@code LOG_FORMAT} names. */
    public static LogRecordFormat of(String word) {
        return word.equals("json") ? JSON_LINES : TEXT;
    }

    /** Returns the record's text without a line end. */
    public String line(LogRecord record) {
        return format.line(
                record.getInstant(),
                level(record.getLevel()),
                String.valueOf(record.getLoggerName()),
                event(record));
    }

    /** A record of this service carries its event; a library's record carries a text. */
    private static LogEvent event(LogRecord record) {
        Object[] parameters = record.getParameters();
        if (parameters != null && parameters.length == 1 && parameters[0] instanceof LogEvent e) {
            return e;
        }
        LogEvent event = LogEvent.ofLibrary(text(record));
        return record.getThrown() == null ? event : event.causedBy(record.getThrown());
    }

    /** Replaces the placeholders without the grouping of digits that a locale would add. */
    private static String text(LogRecord record) {
        String text = String.valueOf(record.getMessage());
        Object[] parameters = record.getParameters();
        for (int i = 0; parameters != null && i < parameters.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(parameters[i]));
        }
        return text;
    }

    private static System.Logger.Level level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return System.Logger.Level.ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return System.Logger.Level.WARNING;
        }
        if (value >= Level.INFO.intValue()) {
            return System.Logger.Level.INFO;
        }
        return value >= Level.FINE.intValue()
                ? System.Logger.Level.DEBUG
                : System.Logger.Level.TRACE;
    }
}
