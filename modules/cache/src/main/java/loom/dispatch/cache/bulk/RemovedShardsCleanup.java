package loom.dispatch.cache.bulk;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.List;

/**
 * Shards that there are no more, because the bot has fewer now: what they wrote with a time to live
 * is listed with them, and nobody else would take it out of the sets once Redis has dropped it. The
 * rest of their bookkeeping goes.
 */
final class RemovedShardsCleanup {
    private static final int PIECE = 500;

    private RemovedShardsCleanup() {}

    /** Takes over from those former shards whose heir this shard is; in pieces, repeatable. */
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

    /** All are due at once here; our own turns then ask Redis how long each has still to live. */
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
