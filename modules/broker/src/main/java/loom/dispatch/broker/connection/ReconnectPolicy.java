package loom.dispatch.broker.connection;

import loom.dispatch.runtime.RetryBackoff;

/**
 * Decides how long a connection waits before its next attempt.
 *
 * <p>Before RabbitMQ has accepted any connection of the process, the configured back-off applies:
 * the address or the password may be wrong. Afterwards RabbitMQ is down or restarts, so the wait
 * never exceeds {@link #LONGEST_AFTER_ACCEPTANCE_MILLIS}. An attempt and the first confirm then fit
 * into the second after RabbitMQ accepts connections again.
 *
 * @param atStart the back-off until RabbitMQ accepts a connection
 */
record ReconnectPolicy(RetryBackoff atStart) {
    static final long FIRST_AFTER_ACCEPTANCE_MILLIS = 100;
    static final long LONGEST_AFTER_ACCEPTANCE_MILLIS = 500;

    /**
     * Returns the back-off for the next attempt.
     *
     * @param accepted whether RabbitMQ has accepted any connection of the process
     */
    RetryBackoff backoff(boolean accepted) {
        return accepted
                ? new RetryBackoff(
                        Math.min(FIRST_AFTER_ACCEPTANCE_MILLIS, atStart.firstMillis()),
                        Math.min(LONGEST_AFTER_ACCEPTANCE_MILLIS, atStart.longestMillis()))
                : atStart;
    }

    /**
     * Returns whether to report this failure in a row: each time the explanation changes, and the
     * 1st, 2nd, 4th, 8th ... time that it stays the same, so that an outage does not flood the log.
     */
    static boolean isReported(int failures, String explanation, String earlier) {
        return !explanation.equals(earlier) || Integer.bitCount(failures) == 1;
    }
}
