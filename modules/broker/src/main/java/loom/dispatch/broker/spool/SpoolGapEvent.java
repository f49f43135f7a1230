package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import java.nio.charset.StandardCharsets;

/**
 * The {@code DISPATCH_GAP} event for damaged records of a spool. It has the form of the event for a
 * lost session: the events between {@code last_sequence} and the next published event are lost.
 */
public final class SpoolGapEvent {
    /** The event name and routing key. Discord has no such event. */
    private static final String TYPE = "DISPATCH_GAP";

    private SpoolGapEvent() {}

    /**
     * Returns the gap after an event.
     *
     * @param last the last event before the gap
     * @param position a position of the lane after that event's and before the next one's
     */
    public static EventMessage after(EventMessage last, long position) {
        return of(last.origin(), last.origin().sequence(), position, last.timestampMillis());
    }

    /**
     * Returns the gap before an event, if no earlier event is known.
     *
     * @param records the least number of lost events
     */
    static EventMessage before(EventMessage next, int records, long position) {
        long last = Math.max(0, next.origin().sequence() - records - 1);
        return of(next.origin(), last, position, next.timestampMillis());
    }

    /** Returns whether a message of a spool is a gap. */
    static boolean isGap(EventMessage message) {
        return message.routingKey().equals(TYPE) && message.messageId().endsWith(":gap");
    }

    private static EventMessage of(
            EventOrigin near, long sequence, long position, long timestampMillis) {
        String session = near.session();
        String body =
                "{\"op\":0,\"t\":\""
                        + TYPE
                        + "\",\"d\":{\"shard\":"
                        + near.shard()
                        + ",\"old_session_id\":\""
                        + session
                        + "\",\"last_sequence\":"
                        + sequence
                        + ",\"session_id\":\""
                        + session
                        + "\"}}";
        return new EventMessage(
                position,
                TYPE,
                body.getBytes(StandardCharsets.UTF_8),
                session + ":" + sequence + ":gap",
                timestampMillis,
                new EventOrigin(near.shard(), sequence, session, "", false));
    }
}
