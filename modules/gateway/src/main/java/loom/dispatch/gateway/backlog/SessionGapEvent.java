package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import java.nio.charset.StandardCharsets;

/**
 * The event that tells consumers that a session was lost: what happened between its last event and
 * the READY that follows is known to nobody, so they should take the state anew.
 */
public final class SessionGapEvent {
    /** Its name and routing key; Discord has no such event. */
    public static final String TYPE = "DISPATCH_GAP";

    private SessionGapEvent() {}

    /**
     * The event, with the sequence 0 of the new session, just before its READY.
     *
     * @param lost the old session and the last sequence that was received in it
     */
    public static DispatchEvent event(
            long position, int shard, Checkpoint lost, Session begun, long nowNanos) {
        String data =
                "{\"shard\":"
                        + shard
                        + ",\"old_session_id\":\""
                        + lost.session().id()
                        + "\",\"last_sequence\":"
                        + lost.sequence()
                        + ",\"session_id\":\""
                        + begun.id()
                        + "\"}";
        return new DispatchEvent(
                position,
                shard,
                begun,
                0,
                TYPE,
                "",
                data.getBytes(StandardCharsets.UTF_8),
                nowNanos,
                false);
    }
}
