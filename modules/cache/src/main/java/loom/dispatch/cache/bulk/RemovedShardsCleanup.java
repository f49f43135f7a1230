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
    private static final int CHUNK = 500;

    private RemovedShardsCleanup() {}

    /**
     * Takes over from the removed shards whose number modulo the new count is this shard. Works in
     * chunks, and can be repeated.
     */
    static void takeOver(BulkUpdate update, int before, int now) {
        for (int former = now; former < before; former++) {
            if (former % now == update.shard()) {
                takeOverExpirySet(update, RedisKeys.expiryOf(former));
                update.writes()
                        .addCommand(RedisCommands.unlink(RedisKeys.guildsOf(former)))
                        .addCommand(RedisCommands.unlink(RedisKeys.pendingOf(former)))
                        .addCommand(RedisCommands.unlink(RedisKeys.stateOf(former)));
            }
        }
        update.writeNow();
    }

    /**
     * Makes all keys due now. {@link loom.dispatch.cache.apply.ExpiredKeyCleanup} then asks Redis
     * for their remaining time.
     */
    private static void takeOverExpirySet(BulkUpdate update, String theirs) {
        String ours = RedisKeys.expiryOf(update.shard());
        while (update.read(List.of(RedisCommands.due(theirs, Long.MAX_VALUE, CHUNK))).getFirst()
                        instanceof List<?> due
                && !due.isEmpty()) {
            List<String> keys = due.stream().map(RedisReplies::text).toList();
            CommandArguments taken = RedisCommands.on(Protocol.Command.ZADD, ours);
            keys.forEach(key -> taken.add(update.nowMillis()).add(key));
            update.writes()
                    .addCommand(taken)
                    .addCommand(RedisCommands.removeFromSorted(theirs, keys));
            update.writeNow();
        }
    }
}
