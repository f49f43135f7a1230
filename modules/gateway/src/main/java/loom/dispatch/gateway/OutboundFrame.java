package loom.dispatch.gateway;

import java.time.Duration;
import java.util.Optional;

/**
 * A frame that somebody wants sent to Discord.
 *
 * @param shard on whose connection
 * @param frame the whole JSON message, {@code {"op":…,"d":…}}, at most {@link #MOST_BYTES}
 * @param priority greater goes first; equal ones in the order in which they came
 * @param expires how long it is wanted; empty for as long as the gateway lets frames wait
 */
public record OutboundFrame(int shard, byte[] frame, int priority, Optional<Duration> expires) {
    /** Discord closes a connection with 4002 on a longer message (protocol section 1.7). */
    public static final int MOST_BYTES = 4_096;
}
