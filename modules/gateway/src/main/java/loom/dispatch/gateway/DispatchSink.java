package loom.dispatch.gateway;

import java.util.List;

/** Receives the shards' events. */
public interface DispatchSink {
    /**
     * Processes a batch of one shard's events, in order.
     *
     * <p>The shard's dispatch thread calls this method, one batch at a time. The method may block
     * until the sink can take the events. It must be interruptible. If no events arrive, the batch
     * is empty; it then comes every two seconds.
     *
     * <p>The caller must report every accepted event by {@link Gateway#settled} in the end. An
     * exception is fatal for the process, because no event may be skipped.
     */
    void accept(int shard, List<DispatchEvent> batch) throws InterruptedException;
}
