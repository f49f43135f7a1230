package loom.dispatch.gateway;

/**
 * One dispatch event from Discord.
 *
 * @param position the number of the event among all events of the shard in this process, from 1,
 *     over all sessions; events are settled by position
 * @param shard the shard's id
 * @param session the session that the event belongs to
 * @param sequence Discord's {@code s} within the session
 * @param type the event's name, {@code t}
 * @param guildId the guild that the event belongs to, empty if none
 * @param data the bytes of {@code d} as Discord sent them; they must not be changed
 * @param receivedNanos {@link System#nanoTime} when the event was decoded
 * @param replayed whether the event came between RESUME and RESUMED, so that it may be a repeat
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

    /**
     * The memory of an event besides {@code d}: object headers, the record's fields, and the
     * queues' nodes.
     */
    private static final int OVERHEAD_BYTES = 256;

    /** Returns the estimated memory of the event in bytes. */
    public long weight() {
        return OVERHEAD_BYTES + (long) data.length;
    }

    /**
     * Returns {@code <session_id>:<sequence>}, which is unique over all sessions and the same in a
     * replay.
     */
    public String messageId() {
        return session.id() + ":" + sequence;
    }
}
