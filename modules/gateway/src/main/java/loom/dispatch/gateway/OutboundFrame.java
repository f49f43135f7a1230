package loom.dispatch.gateway;

import java.time.Duration;
import java.util.Optional;

/**
 * A gateway frame that a worker asks a shard to send.
 *
 * @param shard the shard whose connection sends the frame
 * @param frame the whole JSON message, {@code {"op":…,"d":…}}, at most {@link #MOST_BYTES}
 * @param priority frames of a greater priority are sent first; frames of equal priority in the
 *     order of arrival
 * @param expires the time after which the frame is dropped; if empty, the gateway's longest wait
 *     applies
 */
public record OutboundFrame(int shard, byte[] frame, int priority, Optional<Duration> expires) {
    /** Discord closes a connection with 4002 on a longer message (protocol section 1.7). */
    public static final int MOST_BYTES = 4_096;
}
