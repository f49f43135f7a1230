package loom.dispatch.cache.apply;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes the keys of expired objects from the index sets. It visits only keys that are due, in
 * chunks. It asks Redis whether each object is gone, because the clock of Redis decides. If nothing
 * is due, it reports when the next check is necessary.
 */
public final class ExpiredKeyCleanup {
    private static final int CHUNK = 500;

    /**
     * At most 20,000 keys in one run, about 200 ms. The next run, a second later, does the rest.
     */
    private static final int MOST_CHUNKS = 40;

    private static final long LATER_MILLIS = 1_000;

    /** Another process may add a key of this shard. */
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    /** Replies of PTTL. */
    private static final long NO_EXPIRY = -1;

    private static final long ABSENT = -2;

    private ExpiredKeyCleanup() {}

    /**
     * Removes the keys that are due.
     *
     * @return when the next key may be due, in milliseconds since the epoch
     */
    public static long run(
            RedisConnection connection, int shard, RuleContext context, long nowMillis) {
        long next = nextDue(connection, shard, context, nowMillis);
        if (next > nowMillis) {
            return next;
        }
        for (int i = 0; i < MOST_CHUNKS; i++) {
            if (cleanChunk(connection, shard, context, nowMillis) < CHUNK) {
                break;
            }
        }
        return nowMillis + LATER_MILLIS;
    }

    /**
     * Returns when the first key is due. Keys that are added later are due after the shortest time
     * to live.
     */
    private static long nextDue(
            RedisConnection connection, int shard, RuleContext context, long nowMillis) {
        Object reply =
                connection
                        .exchange(List.of(RedisCommands.first(RedisKeys.expiryOf(shard))))
                        .getFirst();
        long first =
                reply instanceof List<?> keyAndScore && keyAndScore.size() == 2
                        ? (long) Double.parseDouble(RedisReplies.text(keyAndScore.get(1)))
                        : Long.MAX_VALUE;
        long shortestLife =
                Stream.of(ObjectKind.values())
                        .map(kind -> kind.timeToLive(context.config()))
                        .filter(Duration::isPositive)
                        .mapToLong(Duration::toMillis)
                        .min()
                        .orElse(LONGEST_PAUSE_MILLIS);
        return Math.min(first, nowMillis + Math.min(shortestLife, LONGEST_PAUSE_MILLIS));
    }

    private static int cleanChunk(
            RedisConnection connection, int shard, RuleContext context, long nowMillis) {
        String expiry = RedisKeys.expiryOf(shard);
        ShardFence fence =
                ShardFence.begin(
                        connection, shard, List.of(RedisCommands.due(expiry, nowMillis, CHUNK)));
        if (!(fence.replies().getFirst() instanceof List<?> due) || due.isEmpty()) {
            fence.unwatch();
            return 0;
        }
        List<String> keys = due.stream().map(RedisReplies::text).toList();
        List<Object> timesToLive =
                fence.read(
                        keys.stream()
                                .map(key -> RedisCommands.on(Protocol.Command.PTTL, key))
                                .toList());
        PendingWrites writes = new PendingWrites(context, shard, nowMillis);
        List<String> done = new ArrayList<>();
        CommandArguments later = RedisCommands.on(Protocol.Command.ZADD, expiry);
        for (int i = 0; i < keys.size(); i++) {
            long life = timesToLive.get(i) instanceof Long millis ? millis : NO_EXPIRY;
            if (life >= 0) {
                later.add(nowMillis + life + LATER_MILLIS).add(keys.get(i));
            } else {
                // an object without a time to live, for example after a change of STATE_*_TTL,
                // needs no cleanup
                if (life == ABSENT) {
                    ObjectRef.parse("", keys.get(i)).ifPresent(writes::removeExpired);
                }
                done.add(keys.get(i));
            }
        }
        List<CommandArguments> commands = new ArrayList<>(writes.commands(fence.oneServer()));
        if (!done.isEmpty()) {
            commands.add(RedisCommands.removeFromSorted(expiry, done));
        }
        if (done.size() < keys.size()) {
            commands.add(later);
        }
        fence.write(commands);
        fence.unwatch();
        return keys.size();
    }
}
