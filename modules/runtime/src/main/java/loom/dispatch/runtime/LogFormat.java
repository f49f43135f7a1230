package loom.dispatch.runtime;

import java.time.Instant;

/**
 * Converts a log record to text. No value can end a field or a line of it.
 *
 * <p>Both formats write {@code time}, {@code level}, {@code logger} and {@code event}, then the
 * fields of the event. For an event with a throwable they add {@code cause} and the stack trace.
 */
@FunctionalInterface
public interface LogFormat {
    /**
     * Returns the text, without a line end behind it.
     *
     * @param time is written in milliseconds
     * @param level is written as error, warn, info, debug or trace
     * @param logger the name of the logger
     */
    String line(Instant time, System.Logger.Level level, String logger, LogEvent event);
}
