package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import java.nio.charset.StandardCharsets;

/**
 * Builds the event {@code DISPATCH_GAP}, which tells consumers that a session was lost.
 *
 * <p>The events between the old session's last event and the new READY are lost. Consumers should
 * read the state again.
 */
public final class SessionGapEvent {
    /** The event's name and routing key. Discord has no event of this name. */
    public static final String TYPE = "DISPATCH_GAP";

    private SessionGapEvent() {}

    /**
     * Builds the event. It has sequence 0 of the new session and precedes the new READY.
     *
     * @param lost the old session and the last sequence that was received in it
     */
    public static DispatchEvent event(
            long position, int shard, Checkpoint lost, Session started, long nowNanos) {
        String data =
                "{\"shard\":"
                        + shard
                        + ",\"old_session_id\":\""
                        + lost.session().id()
                        + "\",\"last_sequence\":"
                        + lost.sequence()
                        + ",\"session_id\":\""
                        + started.id()
                        + "\"}";
        return new DispatchEvent(
                position,
                shard,
                started,
                0,
                TYPE,
                "",
                data.getBytes(StandardCharsets.UTF_8),
                nowNanos,
                false);
    }
}
