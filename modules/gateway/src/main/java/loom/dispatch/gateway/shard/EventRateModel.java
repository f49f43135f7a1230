package loom.dispatch.gateway.shard;

/**
 * How often events come to a shard, and whether their absence is still chance.
 *
 * <p>Time goes in ticks. {@code share} is the part of the ticks in which any event came, over about
 * the last {@link #MEMORY} of them: a burst counts no more than one event does. If events went on
 * coming like that, a silence of n ticks would have the probability {@code (1 - share)^n}; one of
 * less than e^-60 is no chance, even where the share lags behind an evening and is some times too
 * high: each event that still comes brings it down to what the times are like.
 *
 * <p>Owner: the watchdog's thread.
 */
public final class EventRateModel {
    /** An hour of ticks of ten seconds: it follows the hours of the day. */
    static final int MEMORY = 360;

    /** No silence shorter than this is judged, ten minutes: Discord itself has hiccups. */
    public static final int LEAST_SILENCE = 60;

    /** A past shorter than this says nothing. */
    public static final int LEAST_PAST = 60;

    /** {@code -ln} of the probability below which a silence is no chance. */
    private static final double IMPROBABLE = 60;

    private double share;
    private int past;
    private int silence;

    /** A tick in which events came. */
    void event() {
        share = share * Math.pow(1 - 1.0 / MEMORY, silence + 1) + 1.0 / MEMORY;
        past = Math.min(past + 1, MEMORY);
        silence = 0;
    }

    /** A tick in which none came. */
    void silence() {
        silence = Math.min(silence + 1, Integer.MAX_VALUE - 1);
    }

    /** The silence is dealt with: it counts from now. */
    void listenAnew() {
        silence = 0;
    }

    /** Ticks since the last event. */
    int silent() {
        return silence;
    }

    /**
     * Whether this silence is no chance.
     *
     * @param patience times which the least silence must last
     */
    boolean isBroken(int patience) {
        return past >= LEAST_PAST
                && silence >= (long) LEAST_SILENCE * patience
                && -silence * Math.log1p(-share) >= IMPROBABLE;
    }

    /** Whether events come as they usually do. */
    boolean isLively() {
        return past >= LEAST_PAST && silence < LEAST_SILENCE / 2;
    }
}
