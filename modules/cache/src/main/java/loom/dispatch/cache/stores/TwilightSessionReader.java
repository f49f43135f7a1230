package loom.dispatch.cache.stores;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.cache.SessionStore;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the sessions that twilight-dispatch saved, for the first start after it was replaced. */
public final class TwilightSessionReader {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private TwilightSessionReader() {}

    /**
     * Reads the sessions from its two keys.
     *
     * @param sessions reply to GET gateway_sessions
     * @param shards reply to GET gateway_shards
     * @param shardsTotal the present number of shards; sessions of another number are ignored
     */
    public static List<SessionStore.StoredSession> read(
            Object sessions, Object shards, int shardsTotal) {
        Optional<byte[]> document = RedisReplies.bytes(sessions);
        Optional<String> total =
                RedisReplies.bytes(shards)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
        if (document.isEmpty() || total.isEmpty()) {
            return List.of();
        }
        if (!total.get().equals(Integer.toString(shardsTotal))) {
            LOG.write(CacheLogEvents.SESSION_OTHER_SHARD_COUNT, total.get(), shardsTotal);
            return List.of();
        }
        try {
            JsonObject byShard = JsonObject.of(document.get());
            List<SessionStore.StoredSession> found = new ArrayList<>();
            for (int i = 0; i < byShard.size(); i++) {
                session(byShard.name(i), byShard.value(i)).ifPresent(found::add);
            }
            return found;
        } catch (JsonSyntaxException fault) {
            unreadable("", fault);
            return List.of();
        }
    }

    private static Optional<SessionStore.StoredSession> session(String shard, JsonValue value) {
        try {
            JsonObject fields = JsonObject.of(value);
            if (fields.text("session_id").orElse("").isEmpty()) {
                // twilight-dispatch also saves shards that have no session yet
                return Optional.empty();
            }
            return Optional.of(SessionRecord.session(Integer.parseInt(shard), fields));
        } catch (JsonSyntaxException | IllegalArgumentException fault) {
            unreadable(shard, fault);
            return Optional.empty();
        }
    }

    private static void unreadable(String field, RuntimeException fault) {
        LOG.write(CacheLogEvents.SESSION_UNREADABLE, RedisKeys.SESSIONS, field, fault.getMessage());
    }
}
