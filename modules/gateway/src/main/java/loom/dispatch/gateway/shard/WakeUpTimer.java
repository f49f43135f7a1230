package loom.dispatch.gateway.shard;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes a shard's thread when a timer is due, so that the thread can wait for its inbox without a
 * deadline.
 *
 * <p>A virtual thread that waits with a deadline wakes the JDK's delay scheduler twice per event.
 * This timer is set only when a deadline moves closer, a few times a minute.
 *
 * <p>Owner: the shard's thread. Invariant: at most one wake-up is pending, and it is late by at
 * most {@link #TOLERANCE_NANOS}.
 */
public final class WakeUpTimer {
    /**
     * Small against every timer of a shard, large against the time between two reads of the clock.
     */
    private static final long TOLERANCE_NANOS = 1_000_000;

    private final ScheduledExecutorService scheduler;
    private final Runnable wakeUp;
    private Optional<Future<?>> pending = Optional.empty();
    private long firesNanos;

    /**
     * Creates a timer.
     *
     * @param wakeUp runs on the scheduler's thread; must not block
     */
    WakeUpTimer(ScheduledExecutorService scheduler, Runnable wakeUp) {
        this.scheduler = scheduler;
        this.wakeUp = wakeUp;
    }

    /**
     * Creates the scheduler that all wake-up timers share. Its one thread only adds signals to
     * inboxes.
     */
    public static ScheduledExecutorService newScheduler() {
        var scheduler =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("wake-ups").factory());
        scheduler.setRemoveOnCancelPolicy(true);
        // after the gateway has closed, a shard that still runs may set its timer: the task is
        // dropped
        scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return scheduler;
    }

    /** Sets the timer to fire at this {@link System#nanoTime} or earlier. */
    void setFor(long nowNanos, long dueNanos) {
        if (pending.isPresent()) {
            if (firesNanos - dueNanos <= TOLERANCE_NANOS) {
                return;
            }
            pending.get().cancel(false);
        }
        firesNanos = dueNanos;
        pending =
                Optional.of(scheduler.schedule(wakeUp, dueNanos - nowNanos, TimeUnit.NANOSECONDS));
    }

    /** Reports that the timer fired. */
    void fired() {
        pending = Optional.empty();
    }
}
