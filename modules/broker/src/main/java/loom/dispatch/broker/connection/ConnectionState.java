package loom.dispatch.broker.connection;

/**
 * The states of a RabbitMQ connection.
 *
 * <p>Every attempt to connect has an epoch of its own, which counts from 1.
 */
sealed interface ConnectionState {
    /** Returns the number of the latest attempt to connect; 0 before the first one. */
    long epoch();

    /** The supervisor has not started. */
    record Idle() implements ConnectionState {
        @Override
        public long epoch() {
            return 0;
        }
    }

    /**
     * The supervisor opens a connection and declares the topology.
     *
     * @param retry describes the attempts before this one
     */
    record Connecting(long epoch, Retry retry) implements ConnectionState {}

    /**
     * The retry timer runs.
     *
     * @param wakeable whether RabbitMQ's acceptance of another connection ends the wait
     */
    record Waiting(long epoch, Retry retry, boolean wakeable) implements ConnectionState {}

    /**
     * The connection is open, and the topology was declared.
     *
     * @param failures the number of failures before it that still count
     * @param blocked whether a memory or disk alarm blocks the connection
     */
    record Serving(long epoch, int failures, boolean blocked) implements ConnectionState {}

    /** The connection is closed for good. */
    record Closed(long epoch) implements ConnectionState {}

    /**
     * The failures so far.
     *
     * @param established whether the connection was open once
     * @param failures the number of failures in a row
     * @param explanation describes the latest failure; empty if there was none
     */
    record Retry(boolean established, int failures, String explanation) {
        static final Retry NONE = new Retry(false, 0, "");

        Retry after(ConnectionFailure failure) {
            return new Retry(established, failures + 1, failure.explanation());
        }
    }
}
