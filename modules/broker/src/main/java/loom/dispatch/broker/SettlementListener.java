package loom.dispatch.broker;

/**
 * Receives a lane's progress: up to which position its events are settled. No method may block or
 * throw.
 *
 * <p>One thread at a time calls {@link #settled}. The dispatch thread calls the other methods.
 */
@FunctionalInterface
public interface SettlementListener {

    /**
     * Reports that RabbitMQ confirmed every message of the lane up to and including {@code
     * position}, and that the lane has passed all skipped positions up to it.
     *
     * <p>Positions are strictly ascending; some may be left out. The thread that reads the lane's
     * connection calls it, or the dispatch thread if nothing was in flight. A position below 1
     * belongs to an event that an earlier process left in the spool.
     */
    void settled(long position);

    /**
     * Reports that all events up to and including {@code position} survive the end of this process:
     * RabbitMQ confirmed them, or they are on disk, and the lane publishes them first. The caller
     * may drop them from memory. Only a lane with a spool calls it.
     */
    default void spooled(long position) {}

    /** Whether a lane with a spool should move the events that wait for RabbitMQ to disk. */
    default boolean memoryIsShort() {
        return false;
    }
}
