package loom.dispatch.broker.publish;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the messages in flight of all lanes together, in equal shares for the lanes that have any.
 * A few busy shards must not delay the events of the others.
 *
 * <p>RabbitMQ handles the messages of all lanes in one sequence, so each message waits for those in
 * flight before it. Bounds for {@code n} lanes with messages in flight:
 *
 * <ul>
 *   <li>A lane has at most {@code MESSAGES / n} messages and {@code BYTES / n} bytes, but always
 *       {@link #LEAST} messages. {@link #MESSAGES} is four windows of a lane.
 *   <li>When a lane joins, the others keep what they have in flight over their new share.
 * </ul>
 *
 * <p>With 32 busy lanes RabbitMQ took as many events per second as with all windows full. An event
 * of a quiet lane took 0.2 s instead of 2.6 s ({@code QuietShardLatencyTest}).
 *
 * <p>Lock-free; any thread may call it. A rejected lane has messages in flight, and asks again
 * after each confirm. So no lane waits for another one.
 */
public final class InFlightQuota {
    private static final int MESSAGES = 2_000;
    private static final long BYTES = 16 << 20;
    private static final int LEAST = 8;

    private final AtomicInteger busy = new AtomicInteger();

    /**
     * Returns whether a lane may add a message.
     *
     * @param messages the number of its messages in flight
     * @param bytes the bytes of those
     * @param joins whether the lane has not yet called {@link #join}
     */
    boolean admits(int messages, long bytes, boolean joins) {
        int lanes = Math.max(1, busy.get() + (joins ? 1 : 0));
        return messages == 0
                || messages < Math.max(LEAST, MESSAGES / lanes) && bytes < BYTES / lanes;
    }

    /** Reports that a lane without messages in flight adds its first. */
    void join() {
        busy.incrementAndGet();
    }

    /** Reports that a lane's last message in flight is confirmed. */
    void leave() {
        busy.decrementAndGet();
    }
}
