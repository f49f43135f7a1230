package loom.dispatch.runtime;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Writes one JSON object a record, in one line. The stack trace is the field {@code trace}.
 *
 * <p>A value whose text is an integer of up to 15 digits becomes a number, and {@code true} and
 * {@code false} become booleans. Every other value becomes a string.
 */
public final class LogJsonFormat implements LogFormat {
    /** A double holds every integer of 15 digits exactly; ids are longer and stay strings. */
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,14}");

    /** Has no settings. */
    public LogJsonFormat() {}

    @Override
    public String line(Instant time, System.Logger.Level level, String logger, LogEvent event) {
        var line = new StringBuilder();
        LogRecordFields.of(time, level, logger, event)
                .forEach((name, text) -> append(line, name, typed(text)));
        event.cause()
                .map(LogRecordFields::trace)
                .ifPresent(trace -> append(line, "trace", JsonStrings.quote(trace)));
        return line.append('}').toString();
    }

    private static void append(StringBuilder line, String name, String json) {
        line.append(line.isEmpty() ? '{' : ',').append(JsonStrings.quote(name));
        line.append(':').append(json);
    }

    private static String typed(String text) {
        boolean isTyped =
                text.equals("true") || text.equals("false") || INTEGER.matcher(text).matches();
        return isTyped ? text : JsonStrings.quote(text);
    }
}
