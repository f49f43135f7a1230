package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.exceptions.JedisDataException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Ensures that only one process holds a shard. Two processes with the same shard would publish
 * every event twice (protocol section 9, pitfall 51).
 *
 * <p>A process takes a lease on its shards in Redis and renews it before it expires. It gets no
 * lease if another process holds one of the shards, or uses another number of shards.
 *
 * <p>All leases are in one hash with a field for each process. One script takes a lease, so this is
 * atomic in Redis Cluster too. The script uses only the clock of Redis.
 *
 * <p>Safe for many threads. Blocks for a round trip and does not retry.
 */
public final class ShardLease {
    /** The longest lease. A later expiry time means that the clock was set back. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /**
     * ARGV: instance, milliseconds to live, longest such time, value without the expiry time, first
     * shard, last shard, number of shards, then instances known to be dead. Returns field and value
     * of each conflicting lease. If there is none, the lease is taken or renewed.
     */
    private static final String TAKE =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local first, last, total = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
            for i = 8, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
            local all, in_the_way = redis.call('HGETALL', KEYS[1]), {}
            for i = 1, #all, 2 do
              local at, f, l, t = string.match(all[i + 1], '^(%d+) (%d+) (%d+) (%d+) ')
              at = tonumber(at or 0)
              if all[i] ~= ARGV[1] then
                if at <= now or at > now + ARGV[3] then
                  redis.call('HDEL', KEYS[1], all[i])
                elseif tonumber(t) ~= total or (tonumber(f) <= last and tonumber(l) >= first) then
                  in_the_way[#in_the_way + 1] = all[i]
                  in_the_way[#in_the_way + 1] = all[i + 1]
                end
              end
            end
            if #in_the_way == 0 then
              redis.call('HSET', KEYS[1], ARGV[1], (now + ARGV[2]) .. ' ' .. ARGV[4])
            end
            return in_the_way
            """;

    private final RedisClient redis;
    private final ShardLeaseHolder holder;
    private final Duration life;

    /**
     * Creates a lease that is not taken yet.
     *
     * @param redis the connections
     * @param holder this process
     * @param life how long it is valid after each {@link #take}, at most 10 minutes
     */
    public ShardLease(RedisClient redis, ShardLeaseHolder holder, Duration life) {
        if (life.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a lease is at most 10 minutes long, not " + life);
        }
        this.redis = redis;
        this.holder = holder;
        this.life = life;
    }

    /**
     * Takes or renews the lease.
     *
     * @param dead instances whose process is known to have ended; their leases are removed
     * @return the holders of conflicting leases; if empty, this process holds the lease
     * @throws RedisUnavailableException if Redis does not answer; the lease is then unchanged
     */
    public List<ShardLeaseHolder> take(Collection<String> dead) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(holder.instance());
        arguments.add(life.toMillis());
        arguments.add(LONGEST.toMillis());
        arguments.add(holder.toText());
        arguments.add(holder.firstShard());
        arguments.add(holder.lastShard());
        arguments.add(holder.shardsTotal());
        arguments.addAll(dead);
        Object reply =
                redis.exchange(List.of(RedisCommands.script(TAKE, RedisKeys.INSTANCES, arguments)))
                        .getFirst();
        if (reply instanceof JedisDataException refusal) {
            throw new RedisUnavailableException(RedisFailures.reason(refusal), refusal);
        }
        List<ShardLeaseHolder> inTheWay = new ArrayList<>();
        RedisReplies.hash(reply)
                .forEach((instance, value) ->
                        ShardLeaseHolder.parse(instance, value).ifPresent(inTheWay::add));
        return inTheWay;
    }

    /**
     * Releases the lease, so that the next process does not wait until it expires.
     *
     * @throws RedisUnavailableException if Redis does not answer; then the lease expires
     */
    public void release() {
        redis.exchange(
                List.of(RedisCommands.hashDelete(RedisKeys.INSTANCES, List.of(holder.instance()))));
    }
}
