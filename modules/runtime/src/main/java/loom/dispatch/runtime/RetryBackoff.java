package loom.dispatch.runtime;

import java.util.random.RandomGenerator;

/**
 * Computes the wait before a retry: it doubles with each failure up to a limit.
 *
 * <p>Equal jitter draws the wait between half of that value and the whole. The jitter keeps many
 * processes from retrying in the same moment.
 *
 * @param firstMillis the longest wait after the first failure, at least 1
 * @param longestMillis the limit, at least {@code firstMillis}
 */
public record RetryBackoff(long firstMillis, long longestMillis) {
    /** A long has 63 value bits: 1 doubled 62 times still fits. */
    private static final int MOST_DOUBLINGS = 62;

    /**
     * Checks the two waits.
     *
     * @throws IllegalArgumentException if the first is below 1 or above the longest
     */
    public RetryBackoff {
        if (firstMillis < 1 || longestMillis < firstMillis) {
            throw new IllegalArgumentException(
                    "a back-off cannot grow from "
                            + firstMillis
                            + " ms to "
                            + longestMillis
                            + " ms");
        }
    }

    /**
     * Draws the wait after consecutive failures, in milliseconds.
     *
     * @param failures counts from 1; a lower number counts as 1
     */
    public long delayMillis(int failures, RandomGenerator random) {
        long most = mostMillis(failures);
        return most - random.nextLong(most / 2 + 1);
    }

    /** Returns the shortest wait that {@link #delayMillis} can draw. */
    public long leastMillis(int failures) {
        long most = mostMillis(failures);
        return most - most / 2;
    }

    /** Returns the longest wait that {@link #delayMillis} can draw. */
    public long mostMillis(int failures) {
        int doublings = Math.clamp(failures - 1L, 0, MOST_DOUBLINGS);
        // the comparison shifts the limit down, because shifting the first wait up could overflow
        return firstMillis > longestMillis >> doublings ? longestMillis : firstMillis << doublings;
    }
}
