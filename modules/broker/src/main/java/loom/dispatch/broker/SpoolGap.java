package loom.dispatch.broker;

import java.nio.charset.StandardCharsets;

/**
 * The event that tells consumers of records that the disk did not give back, in the form in which
 * lost sessions are told: what came after {@code last_sequence} is lost, up to what is published
 * next.
 */
final class SpoolGap {
    /** Its name and routing key; Discord has no such event. */
    private static final String TYPE = "DISPATCH_GAP";

    private SpoolGap() {}

    /**
     * Behind an event.
     *
     * @param last the last event before the gap
     * @param position a lane's position between that event's and the next one's
     */
    static Message behind(Message last, long position) {
        return of(last.origin(), last.origin().sequence(), position, last.timestampMillis());
    }

    /**
     * Before an event that nothing is known to precede.
     *
     * @param records how many are lost, at least
     */
    static Message before(Message next, int records, long position) {
        long last = Math.max(0, next.origin().sequence() - records - 1);
        return of(next.origin(), last, position, next.timestampMillis());
    }

    /** Whether a message that was read from a spool is one. */
    static boolean isOne(Message message) {
        return message.routingKey().equals(TYPE) && message.messageId().endsWith(":gap");
    }

    private static Message of(Origin near, long sequence, long position, long timestampMillis) {
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
        return new Message(
                position,
                TYPE,
                body.getBytes(StandardCharsets.UTF_8),
                session + ":" + sequence + ":gap",
                timestampMillis,
                new Origin(near.shard(), sequence, session, "", false));
    }
}
