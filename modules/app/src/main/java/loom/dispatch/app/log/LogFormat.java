package loom.dispatch.app.log;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/** How a log record becomes a line. */
public enum LogFormat {
    /** {@code time=… level=… logger=… event=… key=value …}, and a trace on lines of its own. */
    TEXT {
        @Override
        public String line(LogRecord record) {
            var line = new StringBuilder();
            fields(record).forEach((name, value) -> append(line, name, value));
            if (record.getThrown() != null) {
                line.append('\n').append(trace(record.getThrown()));
            }
            return line.toString();
        }
    },

    /** One JSON object; integers of up to 15 digits and booleans are such, all else is text. */
    JSON_LINES {
        @Override
        public String line(LogRecord record) {
            Map<String, Object> object = new LinkedHashMap<>();
            fields(record).forEach((name, value) -> object.put(name, typed(value)));
            if (record.getThrown() != null) {
                object.put("trace", trace(record.getThrown()));
            }
            try {
                return JSON.std.asString(object);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /** A JSON number of 15 digits is exact everywhere; a Discord id is longer and stays text. */
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,14})");

    private static final Pattern BARE = Pattern.compile("[^\\s\"=]+");

    /** Deeper chains repeat themselves. */
    private static final int MOST_CAUSES = 5;

    /** The record as a line without its end. */
    public abstract String line(LogRecord record);

    /** By the word of LOG_FORMAT. */
    public static LogFormat of(String word) {
        return word.equals("json") ? JSON_LINES : TEXT;
    }

    private static Map<String, String> fields(LogRecord record) {
        ParsedLogEvent event = ParsedLogEvent.of(message(record));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
        fields.put("level", word(record.getLevel()));
        fields.put("logger", String.valueOf(record.getLoggerName()));
        fields.put("event", event.name());
        event.fields().forEach(field -> fields.put(field.name(), field.text()));
        if (record.getThrown() != null) {
            fields.put("cause", record.getThrown().toString().replaceAll("\\s+", " "));
        }
        return fields;
    }

    private static void append(StringBuilder line, String name, String value) {
        line.append(line.isEmpty() ? "" : " ").append(name).append('=');
        if (BARE.matcher(value).matches()) {
            line.append(value);
        } else {
            line.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
    }

    private static Object typed(String value) {
        if (INTEGER.matcher(value).matches()) {
            return Long.valueOf(value);
        }
        return value.equals("true") || value.equals("false") ? Boolean.valueOf(value) : value;
    }

    /** Puts the parameters in as they print: a log line must not group digits by locale. */
    private static String message(LogRecord record) {
        String text = String.valueOf(record.getMessage());
        Object[] parameters = record.getParameters();
        for (int i = 0; parameters != null && i < parameters.length; i++) {
            text = text.replace("{" + i + "}", String.valueOf(parameters[i]));
        }
        return text;
    }

    private static String trace(Throwable thrown) {
        var lines = new StringBuilder();
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            lines.append(depth == 0 ? "" : "\n    caused by ");
            lines.append(depth == 0 ? "" : cause.toString().replaceAll("\\s+", " "));
            for (StackTraceElement frame : cause.getStackTrace()) {
                lines.append(lines.isEmpty() ? "" : "\n").append("    at ").append(frame);
            }
            cause = cause.getCause();
        }
        return lines.toString();
    }

    private static String word(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (value >= Level.WARNING.intValue()) {
            return "warn";
        }
        if (value >= Level.INFO.intValue()) {
            return "info";
        }
        return value >= Level.FINE.intValue() ? "debug" : "trace";
    }
}
