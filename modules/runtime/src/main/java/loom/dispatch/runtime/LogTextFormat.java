package loom.dispatch.runtime;

import java.time.Instant;

/**
 * Writes {@code time=… level=… logger=… event=… key=value …}, and the stack trace on lines of its
 * own, which begin with spaces.
 *
 * <p>A value is quoted where it needs to be: if it is empty or has white space, a quote, an equals
 * sign, a control character, U+2028, U+2029 or an unpaired surrogate. A quoted value is a JSON
 * string, with its escapes. A value without quotes has no escapes: a backslash in it is literal.
 */
public final class LogTextFormat implements LogFormat {

    /** Has no settings. */
    public LogTextFormat() {}

    @Override
    public String line(Instant time, System.Logger.Level level, String logger, LogEvent event) {
        var line = new StringBuilder();
        LogRecordFields.of(time, level, logger, event)
                .forEach((name, text) -> append(line, name, text));
        event.cause()
                .map(LogRecordFields::trace)
                .ifPresent(trace -> line.append('\n').append(trace));
        return line.toString();
    }

    /** Appends a field, and a space before it unless it is the first. */
    static void append(StringBuilder line, String name, String text) {
        line.append(line.isEmpty() ? "" : " ").append(name).append('=');
        line.append(isBare(text) ? text : JsonStrings.quote(text));
    }

    private static boolean isBare(String text) {
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one == ' ' || one == '"' || one == '=' || JsonStrings.isUnsafe(text, i)) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
