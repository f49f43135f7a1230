package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.machine.ShardAction.Timer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Stores a shard's timers as deadlines of a monotonic clock. Owner: the shard's thread. */
public final class ShardTimers {
    private static final long OFF = Long.MAX_VALUE;
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final List<Timer> TIMERS = List.of(Timer.values());

    private final long[] dueNanos = new long[TIMERS.size()];
    private final LongSupplier nanoTime;
    private final long originNanos;
    private final RandomGenerator random;

    public ShardTimers(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
        this.random = random;
        stopAll();
    }

    public void start(ShardAction.StartTimer start) {
        long least = start.least().toNanos();
        long most = start.most().toNanos();
        long wait = least == most ? least : random.nextLong(least, most + 1);
        dueNanos[start.timer().ordinal()] = now() + wait;
    }

    public void stop(Timer timer) {
        dueNanos[timer.ordinal()] = OFF;
    }

    public void stopAll() {
        Arrays.fill(dueNanos, OFF);
    }

    /** Returns the time until the next timer fires; an hour if none runs. */
    public long untilNextNanos() {
        long next = dueNanos[earliest().ordinal()];
        return next == OFF ? HOUR_NANOS : Math.max(0, next - now());
    }

    /** Stops and returns the earliest timer that is due. */
    public Optional<Timer> takeDue() {
        Timer earliest = earliest();
        if (dueNanos[earliest.ordinal()] > now()) {
            return Optional.empty();
        }
        stop(earliest);
        return Optional.of(earliest);
    }

    private Timer earliest() {
        Timer earliest = Timer.PAUSE;
        for (Timer timer : TIMERS) {
            if (dueNanos[timer.ordinal()] < dueNanos[earliest.ordinal()]) {
                earliest = timer;
            }
        }
        return earliest;
    }

    private long now() {
        return nanoTime.getAsLong() - originNanos;
    }
}
