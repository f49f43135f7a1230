package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.DispatchSink;
import loom.dispatch.gateway.GatewayListener;

import java.util.List;

/**
 * A shard's dispatch thread: hands its events to the sink, in batches, in order.
 *
 * <p>It alone waits for Redis and RabbitMQ, so that heartbeats never do.
 */
public final class DispatchThread implements Runnable {
    /** Enough for a pipeline to pay: beyond it the cost of an event hardly falls. */
    static final int BATCH_EVENTS = 256;

    /** Keeps a batch of large guilds from holding all else up. */
    static final long BATCH_BYTES = 4L * 1024 * 1024;

    private final int shard;
    private final Backlog backlog;
    private final DispatchSink sink;
    private final GatewayListener listener;

    public DispatchThread(int shard, Backlog backlog, DispatchSink sink, GatewayListener listener) {
        this.shard = shard;
        this.backlog = backlog;
        this.sink = sink;
        this.listener = listener;
    }

    @Override
    public void run() {
        try {
            while (!Thread.interrupted()) {
                List<DispatchEvent> batch = backlog.take(BATCH_EVENTS, BATCH_BYTES);
                sink.accept(shard, batch);
            }
        } catch (InterruptedException _) {
            // the gateway is closing; what is unsettled will be replayed
        } catch (Throwable e) {
            listener.died(shard, e);
        }
    }
}
