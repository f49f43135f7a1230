package loom.dispatch.gateway.shard;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes a shard's thread when something of its own is due, so that it can wait for its inbox
 * without a deadline. A virtual thread that waits with one wakes the JDK's scheduler of delays
 * twice, for each event; an alarm is set when a deadline comes nearer, a few times a minute.
 *
 * <p>Owner: the shard's thread. Invariant: at most one ring is pending, and never later than what
 * is due but for {@link #TOLERANCE_NANOS}.
 */
public final class WakeUpTimer {
    /** Far less than any timer's purpose, far more than the time between two looks at the clock. */
    private static final long TOLERANCE_NANOS = 1_000_000;

    private final ScheduledExecutorService clock;
    private final Runnable ring;
    private Optional<Future<?>> pending = Optional.empty();
    private long ringsNanos;

    /**
     * @param ring called on the clock's thread; must not block
     */
    WakeUpTimer(ScheduledExecutorService clock, Runnable ring) {
        this.clock = clock;
        this.ring = ring;
    }

    /** The clock that all alarms share: one thread, which only puts signals into inboxes. */
    public static ScheduledExecutorService clock() {
        var clock =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("alarms").factory());
        clock.setRemoveOnCancelPolicy(true);
        // a gateway that has closed rings no more; a shard that is about to hear of it may still
        // ask
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return clock;
    }

    /** Will ring by {@link System#nanoTime} so many, or earlier. */
    void ringsBy(long nowNanos, long dueNanos) {
        if (pending.isPresent()) {
            if (ringsNanos - dueNanos <= TOLERANCE_NANOS) {
                return;
            }
            pending.get().cancel(false);
        }
        ringsNanos = dueNanos;
        pending = Optional.of(clock.schedule(ring, dueNanos - nowNanos, TimeUnit.NANOSECONDS));
    }

    /** It has rung, and is to be set anew. */
    void rang() {
        pending = Optional.empty();
    }
}
