package loom.dispatch.cache;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.redis.RedisCommands;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the objects of the state, by the sizes of the index sets. */
public final class StateSizes {
    private StateSizes() {}

    /**
     * Counts the objects with one SCARD for each kind, in one round trip. Blocks for it and does
     * not retry.
     *
     * @param redis the connections
     * @return number of objects by kind, in the plural: {@code guilds}, {@code channels} and so on
     * @throws RedisUnavailableException if Redis does not answer
     */
    public static Map<String, Long> count(RedisClient redis) {
        List<CommandArguments> commands = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            commands.add(RedisCommands.sizeOfSet(kind.set()));
        }
        List<Object> replies = redis.exchange(commands);
        Map<String, Long> sizes = new TreeMap<>();
        for (ObjectKind kind : ObjectKind.values()) {
            // another program uses this key with another type: leave the kind out
            if (replies.get(kind.ordinal()) instanceof Long size) {
                sizes.put(kind.prefix() + "s", size);
            }
        }
        return sizes;
    }
}
