package loom.dispatch.broker.spool;

/**
 * Where the dispatch thread puts events.
 *
 * <p>{@code replays} counts how often spooling has begun.
 */
sealed interface SpoolState {
    int replays();

    /** The dispatch thread publishes. No replay thread runs. */
    record Direct(int replays) implements SpoolState {}

    /**
     * The dispatch thread appends to the spool, and the replay thread publishes from it.
     *
     * @param lastPosition the last position on disk
     */
    record Spooling(int replays, long lastPosition) implements SpoolState {}

    /**
     * Final. Nothing is published or appended.
     *
     * @param spooling whether the spool holds events that RabbitMQ has not confirmed
     */
    record Closed(int replays, boolean spooling) implements SpoolState {}
}
