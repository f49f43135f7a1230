package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of Redis as {@code doctor} shows it: servers, round trip, write access and shard
 * leases. The inspection changes nothing.
 *
 * @param servers the servers that hold keys: one, or the masters of a cluster
 * @param roundTrip the fastest of a few PINGs
 * @param refusal why Redis refuses writes, if it does: memory is full, read-only replica, ACL
 * @param holders processes with a valid lease of shards
 */
public record RedisInspection(
        List<Server> servers,
        Duration roundTrip,
        Optional<String> refusal,
        List<ShardLeaseHolder> holders) {
    private static final int QUESTIONS = 5;

    /** A key that is never set: {@code SET … XX} does not create it. */
    private static final String PROBE = "gateway_doctor";

    /**
     * One server.
     *
     * @param version for example {@code 7.0.15}
     * @param mode standalone, sentinel or cluster
     * @param policy its {@code maxmemory-policy}, for example {@code noeviction}; empty if unknown
     * @param usedBytes memory in use
     * @param limitBytes its {@code maxmemory}; empty if unlimited
     * @param appendOnly whether it writes an append-only file
     * @param evicted keys that it evicted since its start because memory was full
     * @param clock the server's time
     * @param asked the local time at which the server reported its time
     */
    public record Server(
            String version,
            String mode,
            String policy,
            long usedBytes,
            OptionalLong limitBytes,
            boolean appendOnly,
            long evicted,
            Instant clock,
            Instant asked) {}

    /** Refuses nulls. */
    public RedisInspection {
        servers = List.copyOf(servers);
        holders = List.copyOf(holders);
    }

    /**
     * Inspects all servers. Blocks for a few round trips.
     *
     * @throws RedisUnavailableException if Redis does not answer
     */
    public static RedisInspection of(RedisClient redis) {
        List<RedisConnection> connections = redis.nodes();
        try {
            List<Server> servers = new ArrayList<>();
            connections.forEach(connection -> servers.add(server(connection)));
            return new RedisInspection(
                    servers,
                    roundTrip(connections.getFirst()),
                    refusal(redis),
                    holders(redis, servers.getFirst().clock()));
        } finally {
            connections.forEach(RedisConnection::close);
        }
    }

    private static Server server(RedisConnection connection) {
        Instant before = Instant.now();
        Optional<Object> time = ask(connection, RedisCommands.plain(Protocol.Command.TIME));
        Instant after = Instant.now();
        Map<String, String> info =
                info(ask(connection, RedisCommands.plain(Protocol.Command.INFO)));
        long limit = number(info, "maxmemory");
        return new Server(
                info.getOrDefault("redis_version", ""),
                info.getOrDefault("redis_mode", ""),
                info.getOrDefault("maxmemory_policy", ""),
                number(info, "used_memory"),
                limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit),
                number(info, "aof_enabled") == 1,
                number(info, "evicted_keys"),
                time.map(RedisInspection::time).orElse(after),
                time.isEmpty() ? after : before.plus(Duration.between(before, after).dividedBy(2)));
    }

    /**
     * Returns the reply; empty if an ACL forbids the command. The service itself never sends these
     * commands.
     */
    private static Optional<Object> ask(RedisConnection connection, CommandArguments question) {
        try {
            return Optional.of(connection.exchange(List.of(question)).getFirst());
        } catch (RedisUnavailableException refused) {
            if (RedisFailures.reason(refused).startsWith("NOPERM")) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Converts the reply of TIME: seconds and microseconds. */
    private static Instant time(Object reply) {
        List<?> parts = (List<?>) reply;
        return Instant.ofEpochSecond(Long.parseLong(RedisReplies.text(parts.get(0))))
                .plusNanos(Long.parseLong(RedisReplies.text(parts.get(1))) * 1_000);
    }

    /** Parses the lines {@code name:value} of INFO. */
    private static Map<String, String> info(Optional<Object> reply) {
        Map<String, String> info = new HashMap<>();
        reply.map(RedisReplies::text).stream()
                .flatMap(String::lines)
                .map(line -> line.split(":", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> info.put(pair[0], pair[1].strip()));
        return info;
    }

    private static long number(Map<String, String> info, String name) {
        return Long.parseLong(info.getOrDefault(name, "0"));
    }

    private static Duration roundTrip(RedisConnection connection) {
        List<CommandArguments> question = List.of(RedisCommands.plain(Protocol.Command.PING));
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < QUESTIONS; i++) {
            long before = System.nanoTime();
            connection.exchange(question);
            fastest = Math.min(fastest, System.nanoTime() - before);
        }
        return Duration.ofNanos(fastest);
    }

    private static List<ShardLeaseHolder> holders(RedisClient redis, Instant now) {
        List<ShardLeaseHolder> holders = new ArrayList<>();
        Object leases =
                redis.exchange(List.of(RedisCommands.hashGetAll(RedisKeys.INSTANCES))).getFirst();
        RedisReplies.hash(leases)
                .forEach((instance, value) -> {
                    if (expiry(value) > now.toEpochMilli()) {
                        ShardLeaseHolder.parse(instance, value).ifPresent(holders::add);
                    }
                });
        return holders;
    }

    /** Returns the expiry time, which is the first word of a lease. */
    private static long expiry(byte[] value) {
        String word = new String(value, StandardCharsets.UTF_8).split(" ")[0];
        return word.matches("\\d{1,18}") ? Long.parseLong(word) : 0;
    }

    private static Optional<String> refusal(RedisClient redis) {
        try {
            redis.exchange(List.of(RedisCommands.set(PROBE, new byte[0]).add("XX")));
            return Optional.empty();
        } catch (RedisUnavailableException refused) {
            return Optional.of(RedisFailures.reason(refused));
        }
    }
}
