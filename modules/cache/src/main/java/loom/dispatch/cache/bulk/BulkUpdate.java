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
 * The work on one event about things that it does not name: reads sets in pieces, and writes in
 * transactions of bounded size behind one fence. Used by one thread.
 */
public final class BulkUpdate {
    /** Elements asked for in one SSCAN: some 50 microseconds of Redis. */
    private static final int SCAN = 500;

    /** Values read in one pipeline: at 10 KB each, 1 MB. */
    private static final int READ = 100;

    private static final String START = "0";

    private final ShardFence fence;
    private final int shard;
    private final RuleContext scope;
    private final ChunkSizes bounds;
    private final long nowMillis;
    private final UnreadableValues unreadable;
    private PendingWrites writes;

    public BulkUpdate(
            ShardFence fence,
            int shard,
            RuleContext scope,
            ChunkSizes bounds,
            long nowMillis,
            UnreadableValues unreadable) {
        this.fence = fence;
        this.shard = shard;
        this.scope = scope;
        this.bounds = bounds;
        this.nowMillis = nowMillis;
        this.unreadable = unreadable;
        this.writes = new PendingWrites(scope, shard, nowMillis);
    }

    int shard() {
        return shard;
    }

    RuleContext scope() {
        return scope;
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

    /** What is written next; belongs together with what is already in it. */
    PendingWrites writes() {
        return writes;
    }

    /** Writes what has been collected if it is enough for a transaction. */
    void writeIfFull() {
        if (writes.size() >= bounds.transaction()) {
            writeNow();
        }
    }

    /** Writes what has been collected. */
    void writeNow() {
        fence.write(writes.commands(fence.oneServer()));
        writes = new PendingWrites(scope, shard, nowMillis);
    }

    /** Writes the rest together with the marker. */
    void finish(StateEvent event) {
        fence.finish(writes.commands(fence.oneServer()), event);
    }

    /** All members of a set, read in pieces. */
    Set<String> members(String set) {
        Set<String> members = new LinkedHashSet<>();
        scan(set, members::add);
        return members;
    }

    /** Present values of objects, in their order; absent ones are left out. */
    Map<ObjectRef, byte[]> values(List<ObjectRef> refs) {
        Map<ObjectRef, byte[]> values = new LinkedHashMap<>();
        eachValue(refs, (ref, value) -> value.ifPresent(bytes -> values.put(ref, bytes)));
        return values;
    }

    /** Hands out each object's value, in their order, read in pieces. */
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

    /** The objects of one kind in a guild. */
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

    /** Removes a channel's or thread's messages, in pieces. */
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
                // somebody else's key of another type: for us there is no such set
                return;
            }
            cursor = RedisReplies.text(page.get(0));
            for (Object member : (List<?>) page.get(1)) {
                each.accept(new String((byte[]) member, StandardCharsets.UTF_8));
            }
        } while (!cursor.equals(START));
    }
}
