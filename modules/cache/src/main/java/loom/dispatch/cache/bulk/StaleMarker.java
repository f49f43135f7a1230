package loom.dispatch.cache.bulk;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;

import java.util.List;

/**
 * Tells readers that a shard's events passed the state by while Redis was away ({@code
 * STATE_FAILURE=skip}): the field {@code stale} of the shard's marker holds since when. READY
 * removes it, for then everything is told anew.
 */
public final class StaleMarker {
    public static final String FIELD = "stale";

    private StaleMarker() {}

    public static void set(RedisConnection wire, int shard, long sinceMillis) {
        wire.exchange(
                List.of(
                        RedisCommands.hashSet(
                                RedisKeys.stateOf(shard),
                                FIELD,
                                GuildMembership.time(sinceMillis))));
    }

    /** Whether the mark stands, for example since an earlier process. */
    public static boolean isSet(RedisConnection wire, int shard) {
        Object reply =
                wire.exchange(List.of(RedisCommands.hashGet(RedisKeys.stateOf(shard), FIELD)))
                        .getFirst();
        return reply instanceof List<?> fields && fields.getFirst() instanceof byte[];
    }
}
