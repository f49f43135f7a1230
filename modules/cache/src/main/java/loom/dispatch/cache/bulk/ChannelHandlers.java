package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.rules.EventRule;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Handles the removal of channels and threads, and the synchronization of a guild's threads. */
final class ChannelHandlers {
    private ChannelHandlers() {}

    /**
     * CHANNEL_DELETE: removes the channel with its threads, voice states, scheduled events, stages
     * and messages. Discord sends no events about these.
     */
    record ChannelDelete() implements BulkHandler {
        private static final List<ObjectKind> INSIDE =
                List.of(ObjectKind.VOICE, ObjectKind.EVENT, ObjectKind.STAGE);

        @Override
        public List<CommandArguments> reads(ScannedEvent event, int shard) {
            return List.of(RedisCommands.get(ref(event).key()));
        }

        @Override
        public StateCache.AppliedEvent apply(
                ScannedEvent event, BulkUpdate update, List<Object> replies) {
            ObjectRef channel = ref(event);
            update.writes().remove(channel);
            for (ObjectRef thread : objectsIn(update, ObjectKind.THREAD, channel, "parent_id")) {
                update.removeThread(thread);
                update.writeIfFull();
            }
            for (ObjectKind kind : INSIDE) {
                for (ObjectRef ref : objectsIn(update, kind, channel, "channel_id")) {
                    update.writes().remove(ref);
                    update.writeIfFull();
                }
            }
            update.removeMessages(channel.guild(), channel.id());
            update.finish(event.raw());
            return result(update, RedisReplies.bytes(replies.getFirst()));
        }

        private static List<ObjectRef> objectsIn(
                BulkUpdate update, ObjectKind kind, ObjectRef channel, String field) {
            List<ObjectRef> found = new ArrayList<>();
            update.values(update.refsOf(kind, channel.guild()))
                    .forEach((ref, value) -> {
                        if (textOf(value, field).equals(Optional.of(channel.id()))) {
                            found.add(ref);
                        }
                    });
            return found;
        }

        private static ObjectRef ref(ScannedEvent event) {
            return ObjectRef.of(ObjectKind.CHANNEL, event.guild(), event.requireText("id"));
        }
    }

    /** THREAD_DELETE, and two other ends of a thread: it is archived, or the bot loses access. */
    record ThreadEnd() implements BulkHandler {
        @Override
        public List<CommandArguments> reads(ScannedEvent event, int shard) {
            return List.of(RedisCommands.get(ref(event).key()));
        }

        @Override
        public StateCache.AppliedEvent apply(
                ScannedEvent event, BulkUpdate update, List<Object> replies) {
            update.removeThread(ref(event));
            update.finish(event.raw());
            return result(update, RedisReplies.bytes(replies.getFirst()));
        }

        private static ObjectRef ref(ScannedEvent event) {
            return ObjectRef.of(ObjectKind.THREAD, event.guild(), event.requireText("id"));
        }
    }

    /**
     * THREAD_LIST_SYNC: replaces the active threads of some channels, or of all channels that the
     * bot can see.
     */
    record ThreadListSync() implements BulkHandler {
        @Override
        public List<CommandArguments> reads(ScannedEvent event, int shard) {
            return List.of(RedisCommands.exists(ObjectRef.guild(event.guild()).key()));
        }

        @Override
        public StateCache.AppliedEvent apply(
                ScannedEvent event, BulkUpdate update, List<Object> replies) {
            String guild = event.guild();
            Set<String> listed = new HashSet<>();
            Map<ObjectRef, byte[]> threads = new HashMap<>();
            if (Long.valueOf(1).equals(replies.getFirst())) {
                threads.putAll(threads(event, update));
            }
            threads.keySet().forEach(ref -> listed.add(ref.key()));
            List<byte[]> before = new ArrayList<>();
            update.values(update.refsOf(ObjectKind.THREAD, guild))
                    .forEach((ref, value) -> {
                        if (isInSyncedChannel(event, value)) {
                            before.add(value);
                            if (!listed.contains(ref.key())) {
                                update.removeThread(ref);
                            }
                        }
                    });
            threads.forEach((ref, value) -> update.writes().put(ref, value));
            update.finish(event.raw());
            return result(update, EventRule.arrayOf(before));
        }

        private static boolean isInSyncedChannel(ScannedEvent event, byte[] thread) {
            Optional<JsonValue> channels = event.data().get("channel_ids");
            return channels.isEmpty()
                    || channels.get().elements().stream()
                            .map(JsonValue::text)
                            .anyMatch(id -> textOf(thread, "parent_id").equals(Optional.of(id)));
        }

        private static Map<ObjectRef, byte[]> threads(ScannedEvent event, BulkUpdate update) {
            Map<String, JsonValue> own = new HashMap<>();
            for (JsonValue member : event.data().array("members")) {
                JsonObject.of(member).text("id").ifPresent(id -> own.put(id, member));
            }
            Map<ObjectRef, byte[]> threads = new HashMap<>();
            for (JsonValue thread : event.data().array("threads")) {
                update.unreadable()
                        .skipUnreadable(
                                ObjectKind.THREAD.prefix(),
                                () -> {
                                    JsonObject object = JsonObject.of(thread);
                                    String id = ObjectKind.THREAD.id(object);
                                    JsonObjectEditor edit = JsonObjectEditor.of(object);
                                    if (own.containsKey(id)) {
                                        edit.put("member", own.get(id));
                                    }
                                    ObjectRef ref =
                                            ObjectRef.of(ObjectKind.THREAD, event.guild(), id);
                                    if (update.context().keeps(ref)) {
                                        threads.put(
                                                ref,
                                                ObjectKind.THREAD
                                                        .completed(edit, event.guild())
                                                        .toBytes());
                                    }
                                });
            }
            return threads;
        }
    }

    private static StateCache.AppliedEvent result(BulkUpdate update, Optional<byte[]> old) {
        return new StateCache.AppliedEvent(
                update.context().config().old() ? old : Optional.empty(), Optional.empty());
    }

    private static Optional<String> textOf(byte[] object, String field) {
        try {
            return JsonObject.of(object).text(field);
        } catch (JsonSyntaxException foreign) {
            // another program wrote this value: it belongs to no channel
            return Optional.empty();
        }
    }
}
