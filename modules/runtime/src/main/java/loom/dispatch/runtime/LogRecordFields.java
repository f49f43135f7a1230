package loom.dispatch.runtime;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects what both log formats write, as unescaped text. */
final class LogRecordFields {
    /** The causes of a deeper chain repeat each other. */
    private static final int MOST_CAUSES = 5;

    private LogRecordFields() {}

    /** Returns the names and texts of all fields but the trace, in order. */
    static Map<String, String> of(
            Instant time, System.Logger.Level level, String logger, LogEvent event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
        fields.put("level", word(level));
        fields.put("logger", logger);
        fields.put("event", event.type().name());
        fields.putAll(event.fields());
        event.cause().ifPresent(thrown -> fields.put("cause", cause(thrown)));
        return fields;
    }

    /** Returns a throwable's text with each run of white space as one space. */
    static String cause(Throwable thrown) {
        return thrown.toString().replaceAll("\\s+", " ");
    }

    /** Returns the stack traces of a throwable and its causes, one frame a line. */
    static String trace(Throwable thrown) {
        var lines = new StringBuilder();
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (depth > 0) {
                appendSafely(lines.append("\n    caused by "), cause(cause));
            }
            for (StackTraceElement frame : cause.getStackTrace()) {
                lines.append(lines.isEmpty() ? "" : "\n").append("    at ");
                appendSafely(lines, frame.toString());
            }
            cause = cause.getCause();
        }
        return lines.toString();
    }

    /** The lines of a trace have no quotes, so escapes the chars that would end or hide a line. */
    private static void appendSafely(StringBuilder lines, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (JsonStrings.isUnsafe(text, i)) {
                JsonStrings.appendEscaped(lines, text.charAt(i));
            } else {
                lines.append(text.charAt(i));
            }
        }
    }

    private static String word(System.Logger.Level level) {
        return switch (level) {
            case ERROR, OFF -> "error";
            case WARNING -> "warn";
            case INFO -> "info";
            case DEBUG -> "debug";
            case TRACE, ALL -> "trace";
        };
    }
}
