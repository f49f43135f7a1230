package loom.dispatch.cache.redis;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.runtime.EventLog;

import redis.clients.jedis.exceptions.JedisDataException;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts replies to the types that their commands return. If another program uses the key with
 * another type, the key counts as absent and the class logs it.
 */
public final class RedisReplies {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private RedisReplies() {}

    public static Optional<byte[]> bytes(Object reply) {
        return usable(reply) ? Optional.of((byte[]) reply) : Optional.empty();
    }

    public static Map<String, byte[]> hash(Object reply) {
        Map<String, byte[]> hash = new LinkedHashMap<>();
        if (usable(reply)) {
            List<?> flat = (List<?>) reply;
            for (int i = 0; i + 1 < flat.size(); i += 2) {
                hash.put(text(flat.get(i)), (byte[]) flat.get(i + 1));
            }
        }
        return hash;
    }

    public static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    private static boolean usable(Object reply) {
        if (reply instanceof JedisDataException error) {
            LOG.write(CacheLogEvents.REDIS_FOREIGN_VALUE, RedisFailures.reason(error));
            return false;
        }
        return reply != null;
    }
}
