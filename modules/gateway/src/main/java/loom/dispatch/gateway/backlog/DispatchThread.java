package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.DispatchSink;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.util.List;

/**
 * Passes a shard's events from its backlog to the sink, in batches and in order.
 *
 * <p>Only this thread waits for Redis and RabbitMQ. So a heartbeat never waits for them.
 */
public final class DispatchThread implements SupervisedLoop {
    /**
     * The greatest number of events in a batch. Larger batches hardly reduce the cost of an event.
     */
    static final int BATCH_EVENTS = 256;

    /** The bytes after which a batch ends, so that large guilds do not delay all other events. */
    static final long BATCH_BYTES = 4L * 1024 * 1024;

    private final int shard;
    private final Backlog backlog;
    private final DispatchSink sink;

    public DispatchThread(int shard, Backlog backlog, DispatchSink sink) {
        this.shard = shard;
        this.backlog = backlog;
        this.sink = sink;
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (!Thread.interrupted()) {
            // Redis or RabbitMQ may be away for hours
            pulse.waiting();
            List<DispatchEvent> batch = backlog.take(BATCH_EVENTS, BATCH_BYTES);
            sink.accept(shard, batch);
        }
    }
}
