package loom.dispatch.cache;

import java.time.Duration;

/**
 * The rules by which IDENTIFYs are spent.
 *
 * @param interval between two IDENTIFYs of one key, from when the first has left
 * @param hold how long a turn keeps its key when nobody reports that its IDENTIFY has left, as
 *     after a crash; longer than an IDENTIFY takes to leave, plus the interval
 * @param fresh how long Discord's word on what is left is believed without asking again
 * @param reservePart the reserve is the day's budget divided by this
 * @param leastReserve but at least this
 * @param slowReserves with less than so many reserves left, the rest is spread over the time until
 *     the budget is filled again
 * @param freeLoops so many IDENTIFYs of one shard go without a pause of its own
 * @param firstPause the pause after these; doubles with each further one
 * @param longestPause the longest
 * @param forgive after so long without an IDENTIFY of the shard, the earlier ones are forgotten;
 *     longer than the longest pause
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

    /** Checks that a loop ends in pauses and a lost turn in an interval. */
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
     * What is never spent.
     *
     * @param total IDENTIFYs in a day
     * @return so many of them
     */
    public int reserve(int total) {
        return Math.max(leastReserve, total / reservePart);
    }

    /**
     * The rules that the service uses: a reserve of a twentieth, at least ten, so that a night can
     * be mended by hand; three IDENTIFYs of a shard at once, then one after 1, 2, 4, 8, 16, 30, 30,
     * ... minutes. So a shard that loops for ever spends 3 + 5 + 46 = 54 in its first day.
     *
     * @param interval between two IDENTIFYs of one key
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
