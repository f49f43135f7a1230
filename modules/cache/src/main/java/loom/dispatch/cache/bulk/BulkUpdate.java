package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateEvent;
import loom.dispatch.cache.apply.PendingWrites;
import loom.dispatch.cache.apply.ShardFence;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Applies one event of a {@link BulkHandler}: reads the index sets in chunks and writes in bounded
 * transactions, each guarded by the shard's fence. For use by one thread.
 */
public final class BulkUpdate {
    /** Elements requested by one SSCAN, which occupies Redis for about 50 microseconds. */
    private static final int SCAN = 500;

    /** Values read in one pipeline: 1 MB at 10 KB each. */
    private static final int READ = 100;

    private static final String START = "0";

    private final ShardFence fence;
    private final int shard;
    private final RuleContext context;
    private final ChunkSizes bounds;
    private final long nowMillis;
    private final UnreadableValues unreadable;
    private PendingWrites writes;

    public BulkUpdate(
            ShardFence fence,
            int shard,
            RuleContext context,
            ChunkSizes bounds,
            long nowMillis,
            UnreadableValues unreadable) {
        this.fence = fence;
        this.shard = shard;
        this.context = context;
        this.bounds = bounds;
        this.nowMillis = nowMillis;
        this.unreadable = unreadable;
        this.writes = new PendingWrites(context, shard, nowMillis);
    }

    int shard() {
        return shard;
    }

    RuleContext context() {
        return context;
    }

    ChunkSizes bounds() {
        return bounds;
    }

    long nowMillis() {
        return nowMillis;
    }

    UnreadableValues unreadable() {
        return unreadable;
    }

    List<Object> read(List<CommandArguments> commands) {
        return fence.read(commands);
    }

    /** Returns the collection of the next writes. They are made in one transaction. */
    PendingWrites writes() {
        return writes;
    }

    /** Writes the collected changes if they fill a transaction. */
    void writeIfFull() {
        if (writes.size() >= bounds.transaction()) {
            writeNow();
        }
    }

    /** Writes the collected changes. */
    void writeNow() {
        fence.write(writes.commands(fence.oneServer()));
        writes = new PendingWrites(context, shard, nowMillis);
    }

    /** Writes the remaining changes together with the shard's marker. */
    void finish(StateEvent event) {
        fence.finish(writes.commands(fence.oneServer()), event);
    }

    /** Reads all members of a set in chunks. */
    Set<String> members(String set) {
        Set<String> members = new LinkedHashSet<>();
        scan(set, members::add);
        return members;
    }

    /** Reads objects and returns the values of those that exist, in the given order. */
    Map<ObjectRef, byte[]> values(List<ObjectRef> refs) {
        Map<ObjectRef, byte[]> values = new LinkedHashMap<>();
        eachValue(refs, (ref, value) -> value.ifPresent(bytes -> values.put(ref, bytes)));
        return values;
    }

    /** Reads objects in chunks, and passes each one's value to the consumer in the given order. */
    void eachValue(List<ObjectRef> refs, BiConsumer<ObjectRef, Optional<byte[]>> each) {
        for (int from = 0; from < refs.size(); from += READ) {
            List<ObjectRef> some = refs.subList(from, Math.min(from + READ, refs.size()));
            List<?> replies = get(some.stream().map(ObjectRef::key).toList());
            for (int i = 0; i < some.size(); i++) {
                each.accept(some.get(i), RedisReplies.bytes(replies.get(i)));
            }
        }
    }

    private List<?> get(List<String> keys) {
        if (!fence.oneServer()) {
            return read(keys.stream().map(RedisCommands::get).toList());
        }
        return (List<?>) read(List.of(RedisCommands.getAll(keys))).getFirst();
    }

    /** Returns the objects of one kind in a guild. */
    List<ObjectRef> refsOf(ObjectKind kind, String guild) {
        List<ObjectRef> refs = new ArrayList<>();
        kind.setOf(guild)
                .ifPresent(set ->
                        scan(
                                set,
                                key ->
                                        ObjectRef.parse(guild, key)
                                                .filter(ref -> ref.kind() == kind)
                                                .ifPresent(refs::add)));
        return refs;
    }

    /** Removes the messages of a channel or thread, in chunks. */
    void removeMessages(String guild, String channel) {
        scan(
                RedisKeys.messagesOf(channel),
                key -> {
                    ObjectRef.parse(guild, key)
                            .filter(ref -> ref.kind() == ObjectKind.MESSAGE)
                            .ifPresent(writes::remove);
                    writeIfFull();
                });
        if (!guild.isEmpty()) {
            writes.removeFrom(RedisKeys.messageChannelsOf(guild), channel);
        }
    }

    /** Removes a thread with its members and messages. */
    void removeThread(ObjectRef thread) {
        removeMessages(thread.guild(), thread.id());
        scan(
                RedisKeys.threadMembersOf(thread.id()),
                key -> {
                    ObjectRef.parse(thread.guild(), key)
                            .filter(ref -> ref.kind() == ObjectKind.THREAD_MEMBER)
                            .ifPresent(writes::remove);
                    writeIfFull();
                });
        writes.remove(thread);
    }

    void scan(String set, Consumer<String> each) {
        String cursor = START;
        do {
            Object reply = read(List.of(RedisCommands.scanSet(set, cursor, SCAN))).getFirst();
            if (!(reply instanceof List<?> page)) {
                // another program uses this key with another type: treat the set as absent
                return;
            }
            cursor = RedisReplies.text(page.get(0));
            for (Object member : (List<?>) page.get(1)) {
                each.accept(new String((byte[]) member, StandardCharsets.UTF_8));
            }
        } while (!cursor.equals(START));
    }
}
