package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * GUILD_ROLE_DELETE: removes the role, and its id from all members and emojis of the guild. Discord
 * does not promise events about these. It reads the guild in chunks. For 100,000 cached members
 * this takes some seconds, during which only this shard's events wait.
 */
record RoleDeleteHandler() implements BulkHandler {
    /** Values read between two writes: 0.5 MB at 1 KB each. */
    private static final int CHUNK = 500;

    private static final String ROLES = "roles";

    @Override
    public List<CommandArguments> reads(ScannedEvent event, int shard) {
        return List.of(RedisCommands.get(role(event).key()));
    }

    @Override
    public StateCache.AppliedEvent apply(
            ScannedEvent event, BulkUpdate update, List<Object> replies) {
        ObjectRef role = role(event);
        List<ObjectRef> holders = new ArrayList<>();
        update.scan(
                RedisKeys.ofGuild(role.guild()),
                key ->
                        ObjectRef.parse(role.guild(), key)
                                .filter(RoleDeleteHandler::mayHold)
                                .ifPresent(holders::add));
        for (int from = 0; from < holders.size(); from += CHUNK) {
            List<ObjectRef> some = holders.subList(from, Math.min(from + CHUNK, holders.size()));
            update.values(some)
                    .forEach((ref, value) ->
                            without(role.id(), value)
                                    .ifPresent(edited -> update.writes().put(ref, edited)));
            update.writeIfFull();
        }
        update.writes().remove(role);
        update.finish(event.raw());
        Optional<byte[]> old =
                update.context().config().old()
                        ? RedisReplies.bytes(replies.getFirst())
                        : Optional.empty();
        return new StateCache.AppliedEvent(old, Optional.empty());
    }

    private static boolean mayHold(ObjectRef ref) {
        return ref.kind() == ObjectKind.MEMBER || ref.kind() == ObjectKind.EMOJI;
    }

    /** Returns the object without the role; empty if the object does not list the role. */
    private static Optional<byte[]> without(String role, byte[] value) {
        try {
            JsonObject object = JsonObject.of(value);
            List<JsonValue> roles = object.array(ROLES);
            List<byte[]> kept =
                    roles.stream()
                            .filter(one -> !one.text().equals(role))
                            .map(JsonValue::toBytes)
                            .toList();
            return kept.size() == roles.size()
                    ? Optional.empty()
                    : Optional.of(
                            JsonObjectEditor.of(object)
                                    .put(ROLES, JsonObjectEditor.array(kept))
                                    .toBytes());
        } catch (JsonSyntaxException foreign) {
            // another program wrote this value: it lists no role
            return Optional.empty();
        }
    }

    private static ObjectRef role(ScannedEvent event) {
        return ObjectRef.of(ObjectKind.ROLE, event.guild(), event.requireText("role_id"));
    }
}
