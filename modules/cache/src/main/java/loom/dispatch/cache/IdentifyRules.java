package loom.dispatch.cache;

import java.time.Duration;

/**
 * The limits by which the {@link IdentifyLedger} grants IDENTIFYs.
 *
 * @param interval time between two IDENTIFYs of one rate limit key, from the sending of the first
 * @param hold how long a granted IDENTIFY blocks its key if its sending is not reported, for
 *     example after a crash; longer than the sending takes plus the interval
 * @param fresh how long Discord's answer is used without asking again
 * @param reservePart the reserve is the daily budget divided by this number
 * @param leastReserve the smallest reserve
 * @param slowReserves if fewer than this many reserves are left, the rest is spread over the time
 *     until the reset
 * @param freeLoops number of IDENTIFYs that one shard may send without a pause
 * @param firstPause the pause after these; each further one doubles it
 * @param longestPause the longest pause
 * @param forgive after this time without an IDENTIFY of the shard, its earlier ones are not
 *     counted; longer than the longest pause
 */
public record IdentifyRules(
        Duration interval,
        Duration hold,
        Duration fresh,
        int reservePart,
        int leastReserve,
        int slowReserves,
        int freeLoops,
        Duration firstPause,
        Duration longestPause,
        Duration forgive) {

    /** Checks the ranges and the relations between the durations. */
    public IdentifyRules {
        if (hold.compareTo(interval) <= 0) {
            throw new IllegalArgumentException("hold must be longer than the interval");
        }
        if (forgive.compareTo(longestPause) <= 0) {
            throw new IllegalArgumentException("forgive must be longer than the longest pause");
        }
        if (reservePart < 2 || leastReserve < 1 || slowReserves < 1 || freeLoops < 1) {
            throw new IllegalArgumentException("reserve and loops must be positive");
        }
    }

    /**
     * Returns the reserve, which is never granted.
     *
     * @param total IDENTIFYs allowed in a day
     * @return number of IDENTIFYs in the reserve
     */
    public int reserve(int total) {
        return Math.max(leastReserve, total / reservePart);
    }

    /**
     * Returns the rules of the service.
     *
     * <ul>
     *   <li>The reserve is a twentieth, at least ten, so that an operator can still restart shards.
     *   <li>A shard may identify three times at once, then after 1, 2, 4, 8, 16, 30, 30, ...
     *       minutes. So a shard that fails all the time uses 3 + 5 + 46 = 54 in its first day.
     * </ul>
     *
     * @param interval time between two IDENTIFYs of one rate limit key
     * @return the rules
     */
    public static IdentifyRules standard(Duration interval) {
        return new IdentifyRules(
                interval,
                interval.plusSeconds(25),
                Duration.ofSeconds(2),
                20,
                10,
                4,
                3,
                Duration.ofMinutes(1),
                Duration.ofMinutes(30),
                Duration.ofHours(1));
    }
}
