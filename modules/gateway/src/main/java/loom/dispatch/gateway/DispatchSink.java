package loom.dispatch.gateway;

import java.util.List;

/** Where a shard's events go. */
public interface DispatchSink {
    /**
     * Takes a batch of one shard's events in order. Called by the shard's dispatch thread, one
     * batch at a time; blocks for as long as the way is not clear, and is interruptible.
     *
     * <p>While a shard is quiet the batch is empty, every two seconds.
     *
     * <p>Every event that was accepted must be reported by {@link Gateway#settled} in the end. An
     * exception is fatal for the process: events may not be skipped.
     */
    void accept(int shard, List<DispatchEvent> batch) throws InterruptedException;
}
