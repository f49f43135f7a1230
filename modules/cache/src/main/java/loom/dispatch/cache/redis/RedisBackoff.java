package loom.dispatch.cache.redis;

import java.util.random.RandomGenerator;

/** How long to wait before which attempt: doubling, capped, with jitter. */
public final class RedisBackoff {
    /** A restart of Redis takes about 40 ms; below this we would only burn its start. */
    private static final int FIRST_MILLIS = 50;

    /** Long enough to spare a Redis that loads its data, short enough that nobody waits for us. */
    private static final int LONGEST_MILLIS = 3_000;

    /** 50 ms doubled six times is 3.2 s: from here on the cap holds. */
    private static final int DOUBLINGS = 6;

    private RedisBackoff() {}

    /**
     * The wait after the n-th failed attempt in a row, n from 1: between half and all of its cap.
     */
    public static long millis(int attempt, RandomGenerator random) {
        int cap =
                Math.min(
                        LONGEST_MILLIS,
                        FIRST_MILLIS << Math.min(Math.max(attempt, 1) - 1, DOUBLINGS));
        return random.nextInt(cap / 2, cap + 1);
    }
}
