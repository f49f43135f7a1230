package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import java.nio.charset.StandardCharsets;

/**
 * The event that tells consumers of records that the disk did not give back, in the form in which
 * lost sessions are told: what came after {@code last_sequence} is lost, up to what is published
 * next.
 */
public final class SpoolGapEvent {
    /** Its name and routing key; Discord has no such event. */
    private static final String TYPE = "DISPATCH_GAP";

    private SpoolGapEvent() {}

    /**
     * Behind an event.
     *
     * @param last the last event before the gap
     * @param position a lane's position between that event's and the next one's
     */
    public static EventMessage behind(EventMessage last, long position) {
        return of(last.origin(), last.origin().sequence(), position, last.timestampMillis());
    }

    /**
     * Before an event that nothing is known to precede.
     *
     * @param records how many are lost, at least
     */
    static EventMessage before(EventMessage next, int records, long position) {
        long last = Math.max(0, next.origin().sequence() - records - 1);
        return of(next.origin(), last, position, next.timestampMillis());
    }

    /** Whether a message that was read from a spool is one. */
    static boolean isOne(EventMessage message) {
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
