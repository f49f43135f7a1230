package loom.dispatch.demo.view;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Measures the rate of a counter, now and over the last 30 seconds. Used by the main thread only.
 */
public final class RateMeter {
    private static final long SAMPLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int SAMPLES = 30;
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final Deque<Double> history = new ArrayDeque<>();
    private long count;
    private long nanos;

    public RateMeter(long nowNanos) {
        nanos = nowNanos;
    }

    /** Adds a sample. At most one per second counts. */
    public void sample(long value, long nowNanos) {
        long elapsed = nowNanos - nanos;
        if (elapsed < SAMPLE_NANOS) {
            return;
        }
        if (history.size() == SAMPLES) {
            history.removeFirst();
        }
        history.addLast((value - count) * (double) SAMPLE_NANOS / elapsed);
        count = value;
        nanos = nowNanos;
    }

    /** Returns the rate per second over the last second. */
    public long perSecond() {
        return history.isEmpty() ? 0 : Math.round(history.getLast());
    }

    /** Returns one bar per second; the highest bar is full. */
    public String bars() {
        double most = Math.max(1, history.stream().mapToDouble(rate -> rate).max().orElse(1));
        var bars = new StringBuilder();
        for (double rate : history) {
            int level = (int) Math.round(Math.max(0, rate) / most * (BARS.length() - 1));
            bars.append(BARS.charAt(level));
        }
        return bars.toString();
    }
}
