package loom.dispatch.gateway.shard;

/**
 * Estimates how often a shard receives events, and tells whether a silence is improbable.
 *
 * <p>Time is counted in ticks. {@code share} is the share of ticks with at least one event, over
 * about the last {@link #MEMORY} ticks; a burst counts as one event. At this rate a silence of n
 * ticks has the probability {@code (1 - share)^n}. Below e^-60 it is no chance. That holds even if
 * the share is several times too high because traffic falls in the evening: each further event
 * corrects it.
 *
 * <p>Owner: the watchdog's thread.
 */
public final class EventRateModel {
    /** One hour of ticks of ten seconds, so that the estimate follows the time of day. */
    static final int MEMORY = 360;

    /** The least silence that is judged, ten minutes: Discord has short interruptions. */
    public static final int LEAST_SILENCE = 60;

    /** The least number of ticks before a silence is judged. */
    public static final int LEAST_PAST = 60;

    /** {@code -ln} of the probability below which a silence is no chance. */
    private static final double IMPROBABLE = 60;

    private double share;
    private int past;
    private int silence;

    /** Counts a tick with events. */
    void event() {
        share = share * Math.pow(1 - 1.0 / MEMORY, silence + 1) + 1.0 / MEMORY;
        past = Math.min(past + 1, MEMORY);
        silence = 0;
    }

    /** Counts a tick without events. */
    void silence() {
        silence = Math.min(silence + 1, Integer.MAX_VALUE - 1);
    }

    /** Restarts the silence at 0, because the shard has reacted to it. */
    void restartSilence() {
        silence = 0;
    }

    /** Returns the ticks since the last event. */
    int silentTicks() {
        return silence;
    }

    /**
     * Returns whether this silence is improbable.
     *
     * @param patience the factor by which the least silence is multiplied
     */
    boolean isImprobable(int patience) {
        return past >= LEAST_PAST
                && silence >= (long) LEAST_SILENCE * patience
                && -silence * Math.log1p(-share) >= IMPROBABLE;
    }

    /** Returns whether events arrive as usual. */
    boolean receivesAsUsual() {
        return past >= LEAST_PAST && silence < LEAST_SILENCE / 2;
    }
}
