package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.rules.EventRule;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Handles an event that contains all of a guild's objects of one kind, for example its emojis. It
 * removes the stored objects that the event lacks.
 *
 * @param kind the kind of the objects
 * @param array the field with the objects
 */
record SetReplacementHandler(ObjectKind kind, String array) implements BulkHandler {

    @Override
    public List<CommandArguments> reads(ScannedEvent event, int shard) {
        return List.of(RedisCommands.exists(ObjectRef.guild(event.guild()).key()));
    }

    @Override
    public StateCache.AppliedEvent apply(
            ScannedEvent event, BulkUpdate update, List<Object> replies) {
        Map<ObjectRef, byte[]> objects = new LinkedHashMap<>();
        if (Long.valueOf(1).equals(replies.getFirst())) {
            for (JsonValue one : event.data().array(array)) {
                update.unreadable()
                        .skipUnreadable(kind.prefix(), () -> add(event, update, one, objects));
            }
        }
        List<ObjectRef> known = update.refsOf(kind, event.guild());
        List<byte[]> before =
                update.context().config().old()
                        ? new ArrayList<>(update.values(known).values())
                        : List.of();
        known.stream().filter(ref -> !objects.containsKey(ref)).forEach(update.writes()::remove);
        objects.forEach((ref, value) -> update.writes().put(ref, value));
        update.finish(event.raw());
        return new StateCache.AppliedEvent(EventRule.arrayOf(before), Optional.empty());
    }

    private void add(
            ScannedEvent event, BulkUpdate update, JsonValue one, Map<ObjectRef, byte[]> objects) {
        JsonObject object = JsonObject.of(one);
        ObjectRef ref = ObjectRef.of(kind, event.guild(), kind.id(object));
        if (update.context().keeps(ref)) {
            objects.put(ref, kind.value(object, event.guild()));
        }
    }
}
