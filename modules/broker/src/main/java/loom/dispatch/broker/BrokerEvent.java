package loom.dispatch.broker;

/** What happens to the way to RabbitMQ, as far as an operator or a metric wants to know. */
public sealed interface BrokerEvent {

    /**
     * A connection is up and its topology declared; {@code connection} counts from 0, commands have
     * -1.
     */
    record Connected(int connection, Endpoint endpoint) implements BrokerEvent {}

    /** A connection ended or could not be made; the next attempt follows in {@code retryMillis}. */
    record Disconnected(int connection, String reason, long retryMillis) implements BrokerEvent {}

    /**
     * RabbitMQ answers but refuses: credentials, permission, or other arguments of a queue or
     * exchange. Nothing is lost and the attempt is repeated, but only an operator can end it.
     */
    record Refused(int connection, BrokerRefusal kind, String explanation, long retryMillis)
            implements BrokerEvent {}

    /** RabbitMQ takes nothing more for now: a memory or disk alarm. Its lanes wait. */
    record Blocked(int connection, String reason) implements BrokerEvent {}

    /** The alarm is over. */
    record Unblocked(int connection) implements BrokerEvent {}

    /**
     * A lane ({@code shard-N}, or {@code commands}) lost its channel: closed, a nack, or a message
     * that had no queue to go to.
     */
    record LaneLost(String lane, String reason) implements BrokerEvent {}

    /** A lane is ready again after {@code resent} unconfirmed messages went out once more. */
    record LaneAttached(String lane, int resent) implements BrokerEvent {}

    /** A shard's events go to disk from now on, or are still there from an earlier process. */
    record Spooling(int shard) implements BrokerEvent {}

    /** What was on disk of a shard is published and confirmed. */
    record SpoolDrained(int shard) implements BrokerEvent {}

    /**
     * A shard's spool cannot be written or read, for example because the disk is full. It is tried
     * again and again; meanwhile events wait in memory, and then at Discord.
     */
    record SpoolFailed(int shard, String reason) implements BrokerEvent {}

    /** It can be again. */
    record SpoolHealed(int shard) implements BrokerEvent {}

    /**
     * Events on disk are not as they were written, and are lost: those between this sequence and
     * the next that is published. Consumers are told by a {@code DISPATCH_GAP}.
     */
    record SpoolDamaged(int shard, String session, long lastSequence) implements BrokerEvent {}

    /** Hears of connections and lanes that come and go; the broker itself does not log them. */
    @FunctionalInterface
    interface Listener {

        /**
         * Called by the supervisor thread of a connection or by its reading thread; must not block
         * and must not throw.
         */
        void on(BrokerEvent event);
    }
}
