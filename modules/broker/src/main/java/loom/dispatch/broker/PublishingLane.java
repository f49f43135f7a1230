package loom.dispatch.broker;

import java.util.List;

/**
 * Publishes the events of one shard to the exchange: in order, each with a confirm. A lane never
 * drops an event.
 *
 * <p>Only the shard's dispatch thread uses it.
 */
public interface PublishingLane {

    /** The id of the shard. */
    int shard();

    /**
     * Publishes a batch in order. Returns when all items are in flight or settled; it does not wait
     * for confirms.
     *
     * <p>Blocks without a time limit while the window is full, or while RabbitMQ is unavailable or
     * blocked. A lane with a spool writes the batch to disk instead if memory is short.
     *
     * @throws InterruptedException if interrupted while waiting; the rest of the batch is not
     *     published. An interrupt during a write closes the connection, and the supervisor opens a
     *     new one
     * @throws IllegalStateException if the broker is closed
     * @throws IllegalArgumentException if positions are not ascending
     */
    void publish(List<? extends LaneItem> batch) throws InterruptedException;

    /**
     * Moves messages in flight to disk if the lane has a spool, memory is short and RabbitMQ has
     * confirmed nothing since the last call.
     *
     * <p>The dispatch thread calls it periodically while it has nothing to publish. The messages in
     * flight can fill the memory, so that the shard reads no further event.
     */
    default void spoolIfMemoryIsShort() throws InterruptedException {}

    /** The number of messages that are accepted and not settled. Any thread may call it. */
    int inFlight();
}
