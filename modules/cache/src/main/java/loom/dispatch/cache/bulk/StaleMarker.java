package loom.dispatch.cache.bulk;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;

import java.util.List;

/**
 * Reads and writes the mark that tells readers that the state of a shard is stale. With {@code
 * STATE_FAILURE=skip} the cache skips events while Redis does not answer. The field {@code stale}
 * of the shard's marker then holds the time of the first skipped event. READY removes it, because
 * Discord then sends the guilds again.
 */
public final class StaleMarker {
    public static final String FIELD = "stale";

    private StaleMarker() {}

    public static void set(RedisConnection connection, int shard, long sinceMillis) {
        connection.exchange(
                List.of(
                        RedisCommands.hashSet(
                                RedisKeys.stateOf(shard),
                                FIELD,
                                GuildMembership.time(sinceMillis))));
    }

    /** Whether the mark is set, for example by an earlier process. */
    public static boolean isSet(RedisConnection connection, int shard) {
        Object reply =
                connection
                        .exchange(List.of(RedisCommands.hashGet(RedisKeys.stateOf(shard), FIELD)))
                        .getFirst();
        return reply instanceof List<?> fields && fields.getFirst() instanceof byte[];
    }
}
