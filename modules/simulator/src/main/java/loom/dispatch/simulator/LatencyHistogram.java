package loom.dispatch.simulator;

/**
 * Counts latencies in buckets that grow by 1/32, so that a quantile is at most 3 % too high. Not
 * thread-safe: {@link LedgerCheck} guards it.
 */
final class LatencyHistogram {
    private static final int SUB = 32;
    private static final int SUB_BITS = 5;

    /** 64 powers of two of nanoseconds with 32 buckets each: 16 KB. */
    private final long[] counts = new long[64 * SUB];

    private long total;
    private long max;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        total++;
        max = Math.max(max, value);
    }

    long max() {
        return max;
    }

    /** Returns the upper edge of the bucket that holds the quantile; 0 without values. */
    long quantile(double q) {
        long rank = (long) Math.ceil(q * total);
        long seen = 0;
        for (int i = 0; i < counts.length && total > 0; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(max, upperEdge(i));
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        if (value < SUB) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift + 1) * SUB + (int) (value >> shift) - SUB;
    }

    private static long upperEdge(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        return ((long) (bucket % SUB + SUB + 1) << shift) - 1;
    }
}
