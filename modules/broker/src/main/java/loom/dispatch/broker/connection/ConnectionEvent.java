package loom.dispatch.broker.connection;

/** What the supervisor of a connection reports to the {@link ConnectionMachine}. */
sealed interface ConnectionEvent {

    /** An event of one attempt or connection. An event of an earlier epoch changes nothing. */
    sealed interface OfEpoch extends ConnectionEvent {
        long epoch();
    }

    /** The supervisor has started. */
    record Started() implements ConnectionEvent {}

    /** The connection is open, and the topology is declared. */
    record Opened(long epoch) implements OfEpoch {}

    /**
     * The attempt failed.
     *
     * @param accepted whether RabbitMQ has accepted any connection of this process
     */
    record AttemptFailed(long epoch, ConnectionFailure failure, boolean accepted)
            implements OfEpoch {}

    /**
     * The open connection has ended.
     *
     * @param stable whether it was open so long that the failures before it no longer count
     */
    record Lost(long epoch, ConnectionFailure failure, boolean stable) implements OfEpoch {}

    /** A memory or disk alarm of RabbitMQ blocks the connection. */
    record Blocked(long epoch, String reason) implements OfEpoch {}

    /** RabbitMQ has cleared the alarm. */
    record Unblocked(long epoch) implements OfEpoch {}

    /** RabbitMQ refused to declare an exchange or a queue; the connection is still open. */
    record TopologyRefused(long epoch, ConnectionFailure.Refused failure) implements OfEpoch {}

    /** The retry timer has fired. */
    record RetryDue() implements ConnectionEvent {}

    /** RabbitMQ has accepted another connection of this process. */
    record OtherAccepted() implements ConnectionEvent {}

    /** A channel user needs a channel, or the topology may have to be declared again. */
    record MaintenanceDue() implements ConnectionEvent {}

    /** The broker closes the connection. */
    record CloseRequested() implements ConnectionEvent {}
}
