package loom.dispatch.cache;

import loom.dispatch.cache.model.IsoTimestamps;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.stores.StatusRecord;
import loom.dispatch.runtime.JsonStrings;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Publishes the statuses of all shards: {@code gateway_started}, {@code gateway_shards} and the
 * array {@code gateway_statuses}. The array has an entry for each shard in order. It is composed
 * from a hash with a field for each shard, so that several processes appear together.
 *
 * <ul>
 *   <li>{@code last_ack} is the time of the latest acknowledgement. Without one it is
 *       1970-01-01T00:00:00.0, because consumers expect a time, and any other would suggest a
 *       working connection.
 *   <li>A shard without a report for 30 seconds is {@code Disconnected}.
 * </ul>
 *
 * <p>Safe for many threads. Blocks for one or two round trips and does not retry.
 */
public final class ShardStatusStore {
    private final RedisClient redis;
    private final int shardsTotal;
    private final Clock clock;

    /**
     * Creates a store for one bot.
     *
     * @param redis the connections
     * @param shardsTotal the bot's number of shards
     * @param clock the same clock as for {@link ShardStatus#lastAck}
     */
    public ShardStatusStore(RedisClient redis, int shardsTotal, Clock clock) {
        if (shardsTotal < 1) {
            throw new IllegalArgumentException("shardsTotal must be positive: " + shardsTotal);
        }
        this.redis = redis;
        this.shardsTotal = shardsTotal;
        this.clock = clock;
    }

    /**
     * Writes the start time and the number of shards. Call it after {@link SessionStore#load} and
     * before the shards start.
     *
     * @param time the start
     * @throws RedisUnavailableException if Redis does not answer
     */
    public void started(Instant time) {
        redis.exchange(
                List.of(
                        RedisCommands.set(
                                RedisKeys.STARTED,
                                utf8(JsonStrings.quote(IsoTimestamps.format(time)))),
                        RedisCommands.set(RedisKeys.SHARDS, utf8(Integer.toString(shardsTotal)))));
    }

    /**
     * Publishes the statuses of this process's shards.
     *
     * @param statuses one for each shard of this process
     * @throws RedisUnavailableException if Redis does not answer; the next call publishes them
     *     again
     */
    public void publish(Collection<ShardStatus> statuses) {
        long now = clock.millis();
        List<CommandArguments> commands = new ArrayList<>();
        for (ShardStatus status : statuses) {
            commands.add(
                    RedisCommands.hashSet(
                            RedisKeys.SHARD_STATUSES,
                            Integer.toString(status.shard()),
                            utf8(new StatusRecord(now, status).toText())));
        }
        commands.add(RedisCommands.hashGetAll(RedisKeys.SHARD_STATUSES));
        try (RedisConnection connection = redis.open()) {
            Map<String, byte[]> all = RedisReplies.hash(connection.exchange(commands).getLast());
            connection.exchange(List.of(RedisCommands.set(RedisKeys.STATUSES, composed(all))));
        }
    }

    private byte[] composed(Map<String, byte[]> byShard) {
        long now = clock.millis();
        StringBuilder array = new StringBuilder("[");
        for (int shard = 0; shard < shardsTotal; shard++) {
            byte[] reported = byShard.get(Integer.toString(shard));
            ShardStatus status =
                    reported == null
                            ? StatusRecord.unreported(shard)
                            : StatusRecord.read(shard, reported, now);
            array.append(shard > 0 ? "," : "").append(StatusRecord.json(status));
        }
        return utf8(array.append(']').toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
