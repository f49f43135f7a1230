package loom.dispatch.cache;

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
final class Sweep {
    /** Elements asked for in one SSCAN: some 50 microseconds of Redis. */
    private static final int SCAN = 500;

    /** Values read in one pipeline: at 10 KB each, 1 MB. */
    private static final int READ = 100;

    private static final String START = "0";

    private final Fence fence;
    private final int shard;
    private final Scope scope;
    private final Bounds bounds;
    private final long nowMillis;
    private final Unreadable unreadable;
    private Writes writes;

    Sweep(
            Fence fence,
            int shard,
            Scope scope,
            Bounds bounds,
            long nowMillis,
            Unreadable unreadable) {
        this.fence = fence;
        this.shard = shard;
        this.scope = scope;
        this.bounds = bounds;
        this.nowMillis = nowMillis;
        this.unreadable = unreadable;
        this.writes = new Writes(scope, shard, nowMillis);
    }

    int shard() {
        return shard;
    }

    Scope scope() {
        return scope;
    }

    Bounds bounds() {
        return bounds;
    }

    long nowMillis() {
        return nowMillis;
    }

    Unreadable unreadable() {
        return unreadable;
    }

    List<Object> read(List<CommandArguments> commands) {
        return fence.read(commands);
    }

    /** What is written next; belongs together with what is already in it. */
    Writes writes() {
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
        writes = new Writes(scope, shard, nowMillis);
    }

    /** Writes the rest together with the marker. */
    void finish(CacheEvent event) {
        fence.finish(writes.commands(fence.oneServer()), event);
    }

    /** All members of a set, read in pieces. */
    Set<String> members(String set) {
        Set<String> members = new LinkedHashSet<>();
        scan(set, members::add);
        return members;
    }

    /** Present values of objects, in their order; absent ones are left out. */
    Map<Ref, byte[]> values(List<Ref> refs) {
        Map<Ref, byte[]> values = new LinkedHashMap<>();
        eachValue(refs, (ref, value) -> value.ifPresent(bytes -> values.put(ref, bytes)));
        return values;
    }

    /** Hands out each object's value, in their order, read in pieces. */
    void eachValue(List<Ref> refs, BiConsumer<Ref, Optional<byte[]>> each) {
        for (int from = 0; from < refs.size(); from += READ) {
            List<Ref> some = refs.subList(from, Math.min(from + READ, refs.size()));
            List<?> replies = get(some.stream().map(Ref::key).toList());
            for (int i = 0; i < some.size(); i++) {
                each.accept(some.get(i), Reply.bytes(replies.get(i)));
            }
        }
    }

    private List<?> get(List<String> keys) {
        if (!fence.oneServer()) {
            return read(keys.stream().map(Command::get).toList());
        }
        return (List<?>) read(List.of(Command.getAll(keys))).getFirst();
    }

    /** The objects of one kind in a guild. */
    List<Ref> refsOf(Kind kind, String guild) {
        List<Ref> refs = new ArrayList<>();
        kind.setOf(guild)
                .ifPresent(set ->
                        scan(
                                set,
                                key ->
                                        Ref.parse(guild, key)
                                                .filter(ref -> ref.kind() == kind)
                                                .ifPresent(refs::add)));
        return refs;
    }

    /** Removes a channel's or thread's messages, in pieces. */
    void removeMessages(String guild, String channel) {
        scan(
                Keys.messagesOf(channel),
                key -> {
                    Ref.parse(guild, key)
                            .filter(ref -> ref.kind() == Kind.MESSAGE)
                            .ifPresent(writes::remove);
                    writeIfFull();
                });
        if (!guild.isEmpty()) {
            writes.removeFrom(Keys.messageChannelsOf(guild), channel);
        }
    }

    /** Removes a thread with its members and messages. */
    void removeThread(Ref thread) {
        removeMessages(thread.guild(), thread.id());
        scan(
                Keys.threadMembersOf(thread.id()),
                key -> {
                    Ref.parse(thread.guild(), key)
                            .filter(ref -> ref.kind() == Kind.THREAD_MEMBER)
                            .ifPresent(writes::remove);
                    writeIfFull();
                });
        writes.remove(thread);
    }

    void scan(String set, Consumer<String> each) {
        String cursor = START;
        do {
            Object reply = read(List.of(Command.scanSet(set, cursor, SCAN))).getFirst();
            if (!(reply instanceof List<?> page)) {
                // somebody else's key of another type: for us there is no such set
                return;
            }
            cursor = Reply.text(page.get(0));
            for (Object member : (List<?>) page.get(1)) {
                each.accept(new String((byte[]) member, StandardCharsets.UTF_8));
            }
        } while (!cursor.equals(START));
    }
}
