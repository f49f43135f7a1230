package loom.dispatch.cache.bulk;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.List;

/**
 * Removes the expiry sets and guild lists of shards that no longer exist after the number of shards
 * was reduced. A remaining shard takes over the keys in the expiry sets: otherwise their index
 * entries would stay after Redis has removed the objects.
 */
final class RemovedShardsCleanup {
    private static final int PIECE = 500;

    private RemovedShardsCleanup() {}

    /**
     * Takes over from the removed shards whose number modulo the new count is this shard. Works in
     * chunks, and can be repeated.
     */
    static void adopt(BulkUpdate sweep, int before, int now) {
        for (int former = now; former < before; former++) {
            if (former % now == sweep.shard()) {
                adoptMortals(sweep, RedisKeys.expiryOf(former));
                sweep.writes()
                        .also(RedisCommands.unlink(RedisKeys.guildsOf(former)))
                        .also(RedisCommands.unlink(RedisKeys.pendingOf(former)))
                        .also(RedisCommands.unlink(RedisKeys.stateOf(former)));
            }
        }
        sweep.writeNow();
    }

    /**
     * Makes all keys due now. {@link loom.dispatch.cache.apply.ExpiredKeyCleanup} then asks Redis
     * for their remaining time.
     */
    private static void adoptMortals(BulkUpdate sweep, String theirs) {
        String ours = RedisKeys.expiryOf(sweep.shard());
        while (sweep.read(List.of(RedisCommands.due(theirs, Long.MAX_VALUE, PIECE))).getFirst()
                        instanceof List<?> due
                && !due.isEmpty()) {
            List<String> keys = due.stream().map(RedisReplies::text).toList();
            CommandArguments adopted = RedisCommands.on(Protocol.Command.ZADD, ours);
            keys.forEach(key -> adopted.add(sweep.nowMillis()).add(key));
            sweep.writes().also(adopted).also(RedisCommands.removeFromSorted(theirs, keys));
            sweep.writeNow();
        }
    }
}
