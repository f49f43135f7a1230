package loom.dispatch.cache;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A session and the shard count that it belongs to, in the form in which Redis holds it.
 *
 * @param session the session
 * @param shardsTotal the bot's number of shards while it was made
 */
record Checkpoint(StoredSession session, int shardsTotal) {

    /** The value of a field of {@code gateway_checkpoints}. */
    byte[] toJson() {
        // not by a format, whose digits are those of the machine's language
        String json =
                "{\"session_id\":"
                        + JsonText.quoted(session.sessionId())
                        + ",\"resume_gateway_url\":"
                        + session.resumeUrl().map(JsonText::quoted).orElse("null")
                        + ",\"sequence\":"
                        + session.sequence()
                        + ",\"shards_total\":"
                        + shardsTotal
                        + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #toJson} wrote. */
    static Checkpoint parse(int shard, byte[] json) {
        Fields fields = Fields.of(json);
        return new Checkpoint(
                session(shard, fields), Math.toIntExact(fields.require("shards_total").integer()));
    }

    /** The session in the fields of an object, the predecessor's or ours. */
    static StoredSession session(int shard, Fields fields) {
        Optional<String> url = fields.text("resume_gateway_url").filter(text -> !text.isEmpty());
        return new StoredSession(
                shard,
                fields.require("session_id").text(),
                url,
                fields.require("sequence").integer());
    }
}
