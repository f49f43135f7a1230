package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the state holds, by the sizes of the sets of all keys of a kind. */
public final class StateSizes {
    private StateSizes() {}

    /**
     * Counts once: one SCARD a kind, in one round trip. Blocks for it; never waits for Redis to
     * come back.
     *
     * @param redis the connections
     * @return number of objects by kind, in the plural: {@code guilds}, {@code channels} and so on
     * @throws RedisUnavailable when Redis does not answer
     */
    public static Map<String, Long> count(Redis redis) {
        List<CommandArguments> commands = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            commands.add(Command.sizeOfSet(kind.set()));
        }
        List<Object> replies = redis.exchange(commands);
        Map<String, Long> sizes = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            // a key of somebody else's type counts nothing
            if (replies.get(kind.ordinal()) instanceof Long size) {
                sizes.put(kind.prefix() + "s", size);
            }
        }
        return sizes;
    }
}
