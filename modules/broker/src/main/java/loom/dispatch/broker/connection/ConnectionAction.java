package loom.dispatch.broker.connection;

/** What the supervisor of a connection does after a step of the {@link ConnectionMachine}. */
sealed interface ConnectionAction {

    /** Opens a connection to the endpoint with this index and declares the topology. */
    record Open(long epoch, int endpoint) implements ConnectionAction {}

    /** Reports that the connection is open, also to the other connections of the process. */
    record ReportOpen() implements ConnectionAction {}

    /** Opens a channel for each channel user that is due. */
    record AttachUsers() implements ConnectionAction {}

    /** Declares the topology if it is time to, and opens a channel for each user that is due. */
    record Maintain() implements ConnectionAction {}

    /** Cuts the connection and detaches its channel users. */
    record Release() implements ConnectionAction {}

    /**
     * Starts the retry timer with a random wait of this range.
     *
     * @param failure its reason
     * @param report whether to report the failure
     */
    record StartRetryTimer(
            long leastMillis, long mostMillis, ConnectionFailure failure, boolean report)
            implements ConnectionAction {}

    /** Ends the start of the broker with this failure. */
    record FailStart(ConnectionFailure.Refused failure) implements ConnectionAction {}

    /** Reports a refused declaration. */
    record ReportRefused(ConnectionFailure.Refused failure) implements ConnectionAction {}

    /** Reports that an alarm blocks the connection. */
    record ReportBlocked(String reason) implements ConnectionAction {}

    /** Reports that the alarm is over. */
    record ReportUnblocked() implements ConnectionAction {}
}
