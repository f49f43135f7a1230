package loom.dispatch.broker;

import java.util.Objects;

/**
 * The shard, session and sequence of an event. The lane publishes them as the AMQP headers {@code
 * shard}, {@code seq}, {@code session}, {@code guild_id} and {@code replayed}.
 *
 * @param shard shard id, from 0
 * @param sequence Discord's sequence number within the session
 * @param session Discord's session id
 * @param guildId snowflake of the guild; empty if the event has none, and then the header is absent
 * @param replayed whether Discord replayed the event after a resume; the header is absent otherwise
 */
public record EventOrigin(
        int shard, long sequence, String session, String guildId, boolean replayed) {

    /** Rejects a negative shard, a missing session and a guild id that is not a number. */
    public EventOrigin {
        if (shard < 0) {
            throw new IllegalArgumentException("shard " + shard + " is negative");
        }
        Objects.requireNonNull(session, "session");
        if (!guildId.isEmpty()) {
            Long.parseUnsignedLong(guildId);
        }
    }
}
