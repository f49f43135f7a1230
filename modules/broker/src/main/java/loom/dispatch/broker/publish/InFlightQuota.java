package loom.dispatch.broker.publish;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Divides what may be in flight among the lanes that have anything in flight, so that a flood in
 * some leaves the way clear for others.
 *
 * <p>RabbitMQ takes the messages of all lanes through one queue, so a shard's single event waits
 * for everything in flight before it. All lanes together have at most {@link #MESSAGES} and {@link
 * #BYTES}, and {@link #LEAST} messages for each lane, whose share never falls below that. When a
 * lane joins, the others' messages over their new share are in flight until they are confirmed.
 *
 * <p>{@link #MESSAGES} is four windows of a lane: with 32 flooding lanes RabbitMQ took as many
 * events per second as with all their windows full, and an event of a quiet lane 0.2 s instead of
 * 2.6 s ({@code QuietShardLatencyTest}).
 *
 * <p>Lock-free, any thread. A lane that is refused has some in flight, and asks again whenever one
 * of them is confirmed: nobody waits for another lane.
 */
public final class InFlightQuota {
    private static final int MESSAGES = 2_000;
    private static final long BYTES = 16 << 20;
    private static final int LEAST = 8;

    private final AtomicInteger busy = new AtomicInteger();

    /** Whether a lane that has so much in flight may add a message. */
    boolean admits(int inFlight, long inFlightBytes) {
        int lanes = Math.max(1, busy.get());
        return inFlight == 0
                || inFlight < Math.max(LEAST, MESSAGES / lanes) && inFlightBytes < BYTES / lanes;
    }

    /** A lane has something in flight again. */
    void join() {
        busy.incrementAndGet();
    }

    /** A lane has nothing in flight any more. */
    void leave() {
        busy.decrementAndGet();
    }
}
