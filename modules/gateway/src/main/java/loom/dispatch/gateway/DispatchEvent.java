package loom.dispatch.gateway;

/**
 * One dispatch event on its way through the service.
 *
 * @param position counts the shard's events in this process from 1, over all its sessions; what is
 *     settled is told by position
 * @param shard the shard's id
 * @param session the session that the event belongs to
 * @param sequence Discord's {@code s} within the session
 * @param type the event's name, {@code t}
 * @param guildId the guild that the event belongs to, empty if none
 * @param data Discord's own bytes of {@code d}; not to be changed
 * @param receivedNanos {@link System#nanoTime} when the event was decoded
 * @param replayed whether it came between RESUME and RESUMED, so that it may be a repeat
 */
public record DispatchEvent(
        long position,
        int shard,
        Session session,
        long sequence,
        String type,
        String guildId,
        byte[] data,
        long receivedNanos,
        boolean replayed) {

    /** Object headers, the record's fields, the queue's nodes: what an event costs besides d. */
    private static final int OVERHEAD_BYTES = 256;

    /** What the event weighs in memory, in bytes; estimated. */
    public long weight() {
        return OVERHEAD_BYTES + (long) data.length;
    }

    /** Unique over all sessions, the same in a replay: {@code <session_id>:<sequence>}. */
    public String messageId() {
        return session.id() + ":" + sequence;
    }
}
