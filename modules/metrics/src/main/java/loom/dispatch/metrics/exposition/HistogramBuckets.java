package loom.dispatch.metrics.exposition;

/**
 * The bucket bounds of a histogram.
 *
 * @param upper inclusive upper bounds, ascending, in the unit of the observations
 * @param divisor converts bounds and sum from the unit of the observations to the exposed unit
 */
public record HistogramBuckets(long[] upper, double divisor) {
    private static final long MICROS = 1_000;
    private static final long MILLIS = 1_000_000;
    private static final long SECONDS = 1_000_000_000;

    /**
     * Buckets for durations, observed in nanoseconds and exposed in seconds. The range reaches from
     * a confirm on the same machine (under 0.5 ms) to an outage of one minute.
     */
    public static HistogramBuckets time() {
        return new HistogramBuckets(
                new long[] {
                    250 * MICROS,
                    500 * MICROS,
                    MILLIS,
                    2 * MILLIS + 500 * MICROS,
                    5 * MILLIS,
                    10 * MILLIS,
                    25 * MILLIS,
                    50 * MILLIS,
                    100 * MILLIS,
                    250 * MILLIS,
                    500 * MILLIS,
                    SECONDS,
                    2 * SECONDS + 500 * MILLIS,
                    5 * SECONDS,
                    10 * SECONDS,
                    30 * SECONDS,
                    60 * SECONDS
                },
                1e9);
    }

    /** Buckets for sizes: the powers of two from 1 to 4,096. */
    public static HistogramBuckets count() {
        long[] upper = new long[13];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = 1L << i;
        }
        return new HistogramBuckets(upper, 1);
    }
}
