package loom.dispatch.gateway.limits;

import java.time.Duration;

/**
 * Stores the times of the latest sends and tells when another one fits into a limit per sliding
 * window.
 *
 * <p>It stores each time instead of using a token bucket. A bucket lets up to twice its size
 * through in one window, and Discord counts exactly. Times are nanoseconds since an arbitrary
 * origin, never negative. Owner: the shard's thread.
 */
public final class SlidingWindow {
    /** A time before all others. */
    public static final long NOW = 0;

    /** A time after all others. */
    public static final long NEVER = Long.MAX_VALUE;

    private final long windowNanos;

    /** A ring of the latest times; {@code count} is the number of all sends so far. */
    private final long[] times;

    private long count;

    public SlidingWindow(int limit, Duration window) {
        times = new long[limit];
        windowNanos = window.toNanos();
    }

    /**
     * Returns the time from which one more send leaves at most {@code most} sends in any window.
     *
     * @param most up to the limit; below 1 the answer is {@link #NEVER}
     */
    public long freeAtNanos(int most) {
        if (most < 1) {
            return NEVER;
        }
        return count < most ? NOW : times[slot(count - most)] + windowNanos;
    }

    public void add(long nowNanos) {
        times[slot(count)] = nowNanos;
        count++;
    }

    /** Moves the latest send to this time: Discord counts a message when it arrives. */
    void moveLatest(long nowNanos) {
        times[slot(count - 1)] = nowNanos;
    }

    private int slot(long number) {
        return (int) (number % times.length);
    }
}
