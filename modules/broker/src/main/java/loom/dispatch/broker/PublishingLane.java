package loom.dispatch.broker;

import java.util.List;

/**
 * The way of one shard's events into the exchange: in order, each confirmed, never dropped.
 *
 * <p>Used by one thread, the shard's dispatch thread.
 */
public interface PublishingLane {

    /** The shard whose events it carries. */
    int shard();

    /**
     * Takes a batch, in order; returns when all of it is in flight or settled, not when it is
     * confirmed. Blocks while the window is full, the broker is away or blocked, without limit of
     * time; a lane with a spool takes it to disk instead when memory is short.
     *
     * @throws InterruptedException if interrupted while waiting; what was not yet taken is not
     *     published, and an interrupt during a write costs the connection, which is made anew
     * @throws IllegalStateException if the broker was closed
     * @throws IllegalArgumentException if a position does not grow
     */
    void publish(List<? extends LaneItem> batch) throws InterruptedException;

    /**
     * To be called now and then while there is nothing to publish: what is in flight may be all
     * that memory can hold, and then nothing to publish will ever come. A lane with a spool takes
     * it to disk when memory is short and RabbitMQ has confirmed nothing since the last call.
     */
    default void relieve() throws InterruptedException {}

    /** Messages accepted and not settled; any thread. */
    int inFlight();
}
