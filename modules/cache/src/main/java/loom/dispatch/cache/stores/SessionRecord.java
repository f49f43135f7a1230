package loom.dispatch.cache.stores;

import loom.dispatch.cache.SessionStore;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A session with its number of shards, as Redis stores it.
 *
 * @param session the session
 * @param shardsTotal the bot's number of shards in that session
 */
public record SessionRecord(SessionStore.StoredSession session, int shardsTotal) {

    /** Returns the value of a field of {@code gateway_checkpoints}. */
    public byte[] toJson() {
        // String.format would use the digits of the default locale
        String json =
                "{\"session_id\":"
                        + JsonStrings.quote(session.sessionId())
                        + ",\"resume_gateway_url\":"
                        + session.resumeUrl().map(JsonStrings::quote).orElse("null")
                        + ",\"sequence\":"
                        + session.sequence()
                        + ",\"shards_total\":"
                        + shardsTotal
                        + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #toJson} wrote. */
    public static SessionRecord parse(int shard, byte[] json) {
        JsonObject fields = JsonObject.of(json);
        return new SessionRecord(
                session(shard, fields), Math.toIntExact(fields.require("shards_total").integer()));
    }

    /** Reads a session from an object, written by twilight-dispatch or by this service. */
    static SessionStore.StoredSession session(int shard, JsonObject fields) {
        Optional<String> url = fields.text("resume_gateway_url").filter(text -> !text.isEmpty());
        return new SessionStore.StoredSession(
                shard,
                fields.require("session_id").text(),
                url,
                fields.require("sequence").integer());
    }
}
