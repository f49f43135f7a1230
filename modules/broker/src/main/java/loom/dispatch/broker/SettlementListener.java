package loom.dispatch.broker;

/**
 * Hears how far a lane's events are safe. Nothing here may block or throw.
 *
 * <p>{@link #settled} is never called by two threads at once; the rest is called by the dispatch
 * thread, but {@link #failed}.
 */
@FunctionalInterface
public interface SettlementListener {

    /**
     * Every message of the lane up to and including {@code position} is confirmed by RabbitMQ, and
     * every skipped position up to it has been passed.
     *
     * <p>Called with strictly growing positions: by the thread that reads the lane's connection, or
     * by the dispatch thread when nothing was in flight. Intermediate positions may be left out;
     * positions below 1 are those of events that an earlier process left in a spool.
     */
    void settled(long position);

    /**
     * Everything up to and including {@code position} outlives this process: it is confirmed, or on
     * disk and to be published before anything else of the lane. It may leave the memory. Only a
     * lane with a spool says so.
     */
    default void spooled(long position) {}

    /** Whether events that wait for RabbitMQ should go to disk, where the lane has a spool. */
    default boolean memoryIsShort() {
        return false;
    }

    /** The lane's replay died of an error that nobody foresaw; any thread. */
    default void failed(Throwable cause) {
        throw new IllegalStateException(cause);
    }
}
