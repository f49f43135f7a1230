package loom.dispatch.gateway;

import loom.dispatch.gateway.ShardAction.Timer;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A shard's timers as deadlines on a monotonic clock. Owner: the shard's thread. */
final class Timers {
    private static final long OFF = Long.MAX_VALUE;

    private final long[] dueNanos = new long[Timer.values().length];
    private final LongSupplier nanoTime;
    private final long originNanos;
    private final RandomGenerator random;

    Timers(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
        this.random = random;
        stopAll();
    }

    void start(ShardAction.StartTimer start) {
        long least = start.least().toNanos();
        long most = start.most().toNanos();
        long wait = least == most ? least : random.nextLong(least, most + 1);
        dueNanos[start.timer().ordinal()] = now() + wait;
    }

    void stop(Timer timer) {
        dueNanos[timer.ordinal()] = OFF;
    }

    void stopAll() {
        Arrays.fill(dueNanos, OFF);
    }

    /** How long until the next timer fires; an hour if none runs. */
    Duration untilNext() {
        long next = Arrays.stream(dueNanos).min().orElse(OFF);
        return next == OFF ? Duration.ofHours(1) : Duration.ofNanos(Math.max(0, next - now()));
    }

    /** Takes one timer that is due, the earliest of them; it runs no more. */
    Optional<Timer> takeDue() {
        Timer earliest = Timer.PAUSE;
        for (Timer timer : Timer.values()) {
            if (dueNanos[timer.ordinal()] < dueNanos[earliest.ordinal()]) {
                earliest = timer;
            }
        }
        if (dueNanos[earliest.ordinal()] > now()) {
            return Optional.empty();
        }
        stop(earliest);
        return Optional.of(earliest);
    }

    private long now() {
        return nanoTime.getAsLong() - originNanos;
    }
}
