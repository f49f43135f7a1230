package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes the events 1, 2, 3 … of one shard in batches until stopped, on a dispatch thread.
 *
 * <p>Positions are ten times the sequence. Every tenth position is skipped, like a filtered event.
 */
public final class PublishingLoad {
    private static final byte[] PADDING = new byte[400];

    private final PublishingLane lane;
    private final int perSecond;
    private final AtomicLong settled = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread dispatcher;
    private volatile boolean stopping;
    // The dispatch thread writes it; the test reads it after that thread has ended.
    private long published;

    PublishingLoad(Broker broker, int shard, int perSecond) {
        this.perSecond = perSecond;
        this.lane = broker.lane(shard, this::onSettled);
        this.dispatcher = Thread.ofVirtual().name("dispatch-" + shard).unstarted(this::run);
    }

    PublishingLoad start() {
        dispatcher.start();
        return this;
    }

    private void onSettled(long position) {
        long before = settled.getAndSet(position);
        if (position <= before) {
            failure.set(new AssertionError("settled " + position + " after " + before));
        }
    }

    private void run() {
        try {
            while (!stopping) {
                List<LaneItem> batch = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    batch.add(message(lane.shard(), ++published));
                }
                batch.add(new SkippedEvent(published * 10 + 1));
                lane.publish(batch);
                LockSupport.parkNanos(10_000_000_000L / perSecond);
            }
        } catch (InterruptedException | RuntimeException unexpected) {
            failure.set(unexpected);
        }
    }

    public static EventMessage message(int shard, long sequence) {
        return new EventMessage(
                sequence * 10,
                "MESSAGE_CREATE",
                PADDING,
                "s" + shard + ":" + sequence,
                System.currentTimeMillis(),
                new EventOrigin(shard, sequence, "s" + shard, "81384788765712384", false));
    }

    long settled() {
        return settled.get();
    }

    /** Stops, waits until all events are settled, and returns their number. */
    long finish() throws InterruptedException {
        stopping = true;
        dispatcher.join();
        assertEquals(null, failure.get());
        long last = published * 10 + 1;
        Eventually.await("settled " + last, Duration.ofSeconds(30), () -> settled.get() == last);
        assertTrue(lane.inFlight() == 0);
        return published;
    }
}
