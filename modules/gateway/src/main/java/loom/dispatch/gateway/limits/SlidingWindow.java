package loom.dispatch.gateway.limits;

import java.time.Duration;

/**
 * The times of the latest sends, to know when one more fits into a limit of so many in any window.
 *
 * <p>A log and not a bucket: a bucket that refills lets up to twice its size through in one window,
 * and Discord counts exactly. Times are nanoseconds since some origin, never negative. Owner: the
 * shard's thread.
 */
public final class SlidingWindow {
    /** Earlier than any time. */
    public static final long NOW = 0;

    /** Later than any time. */
    public static final long NEVER = Long.MAX_VALUE;

    private final long windowNanos;

    /** A ring of as many times as may lie in a window; {@code count} of them were ever written. */
    private final long[] times;

    private long count;

    public SlidingWindow(int limit, Duration window) {
        times = new long[limit];
        windowNanos = window.toNanos();
    }

    /**
     * From when on one more send leaves at most {@code most} of them in any window.
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

    /** The latest send has left only now: for Discord it happens when it arrives. */
    void postpone(long nowNanos) {
        times[slot(count - 1)] = nowNanos;
    }

    private int slot(long number) {
        return (int) (number % times.length);
    }
}
