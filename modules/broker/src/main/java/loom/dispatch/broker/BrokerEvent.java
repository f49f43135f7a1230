package loom.dispatch.broker;

/** A change of a RabbitMQ connection, lane or spool that the application logs or counts. */
public sealed interface BrokerEvent {

    /**
     * A connection is open and has declared the topology. {@code connection} counts from 0; the
     * connection for commands is -1.
     */
    record Connected(int connection, Endpoint endpoint) implements BrokerEvent {}

    /** A connection was lost or could not be opened; the next attempt follows in retryMillis. */
    record Disconnected(int connection, String reason, long retryMillis) implements BrokerEvent {}

    /**
     * RabbitMQ rejected the connection because of credentials, permissions or the arguments of a
     * queue or exchange. The supervisor tries again and no event is lost, but only an operator can
     * remove the cause.
     */
    record Refused(int connection, BrokerRefusal kind, String explanation, long retryMillis)
            implements BrokerEvent {}

    /** A memory or disk alarm of RabbitMQ blocks the connection. Its lanes wait. */
    record Blocked(int connection, String reason) implements BrokerEvent {}

    /** RabbitMQ has cleared the alarm. */
    record Unblocked(int connection) implements BrokerEvent {}

    /**
     * A lane ({@code shard-N}, or {@code commands}) lost its channel: RabbitMQ closed it, sent a
     * nack, or returned a message without a queue.
     */
    record LaneLost(String lane, String reason) implements BrokerEvent {}

    /** A lane has a channel again and has published {@code resent} unconfirmed messages again. */
    record LaneAttached(String lane, int resent) implements BrokerEvent {}

    /** A shard's events now go to its spool, or the spool holds events of an earlier process. */
    record Spooling(int shard) implements BrokerEvent {}

    /** RabbitMQ has confirmed all events of a shard's spool. */
    record SpoolDrained(int shard) implements BrokerEvent {}

    /**
     * A shard's spool cannot be written or read, for example because the disk is full. The lane
     * retries. Meanwhile events wait in memory; when memory is full, the shard stops reading from
     * Discord.
     */
    record SpoolFailed(int shard, String reason) implements BrokerEvent {}

    /** A failed spool works again. */
    record SpoolHealed(int shard) implements BrokerEvent {}

    /**
     * Spooled events are damaged and lost: those between this sequence and the next published one.
     * The lane publishes a {@code DISPATCH_GAP} event for consumers.
     */
    record SpoolDamaged(int shard, String session, long lastSequence) implements BrokerEvent {}

    /** Receives the events. The broker itself does not log them. */
    @FunctionalInterface
    interface Listener {

        /**
         * Handles an event. The supervisor thread or the reading thread of a connection calls it.
         * It must not block and must not throw.
         */
        void on(BrokerEvent event);
    }
}
