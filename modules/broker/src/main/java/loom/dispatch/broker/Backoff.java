package loom.dispatch.broker;

import java.util.random.RandomGenerator;

/**
 * How long to wait before attempt n: doubling from {@code firstMillis} up to {@code mostMillis},
 * with equal jitter (between half and the whole), so that many processes do not return at once.
 *
 * @param firstMillis the first wait, at least 1
 * @param mostMillis the longest wait
 */
public record Backoff(long firstMillis, long mostMillis) {

    /** Refuses waits that are empty or backwards. */
    public Backoff {
        if (firstMillis < 1 || mostMillis < firstMillis) {
            throw new IllegalArgumentException(
                    "back-off from " + firstMillis + " to " + mostMillis + " ms is backwards");
        }
    }

    /** The wait after {@code failures} failures in a row, which counts from 1. */
    public long delayMillis(int failures, RandomGenerator random) {
        int doublings = Math.clamp(failures - 1L, 0, 30);
        long whole =
                firstMillis > (mostMillis >> doublings) ? mostMillis : firstMillis << doublings;
        return whole - random.nextLong(whole / 2 + 1);
    }
}
