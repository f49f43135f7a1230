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
 * What a look at Redis finds; nothing there is changed by it.
 *
 * @param servers those that hold keys of their own: one, or a cluster's masters
 * @param roundTrip the fastest of a few questions
 * @param refusal why nothing can be written, if so: a full memory, a read-only replica, an ACL
 * @param holders processes whose leases of shards are valid
 */
public record RedisInspection(
        List<Server> servers,
        Duration roundTrip,
        Optional<String> refusal,
        List<ShardLeaseHolder> holders) {
    private static final int QUESTIONS = 5;

    /** Of the service's own family, and never set: {@code SET … XX} leaves an absent key absent. */
    private static final String PROBE = "gateway_doctor";

    /**
     * One server.
     *
     * @param version as in {@code 7.0.15}
     * @param mode standalone, sentinel or cluster
     * @param policy what it does when its memory is full, as in {@code noeviction}; empty if it
     *     does not tell
     * @param usedBytes memory in use
     * @param limitBytes the most it may use, nothing for no limit
     * @param appendOnly whether what it was told survives its crash
     * @param evicted keys that it dropped for want of memory since its start
     * @param clock its time
     * @param asked our time when it told that
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
     * Looks at all servers. Blocks for a few round trips.
     *
     * @throws RedisUnavailableException when Redis does not answer
     */
    public static RedisInspection of(RedisClient redis) {
        List<RedisConnection> wires = redis.nodes();
        try {
            List<Server> servers = new ArrayList<>();
            wires.forEach(wire -> servers.add(server(wire)));
            return new RedisInspection(
                    servers,
                    roundTrip(wires.getFirst()),
                    refusal(redis),
                    holders(redis, servers.getFirst().clock()));
        } finally {
            wires.forEach(RedisConnection::close);
        }
    }

    private static Server server(RedisConnection wire) {
        Instant before = Instant.now();
        Optional<Object> time = ask(wire, RedisCommands.plain(Protocol.Command.TIME));
        Instant after = Instant.now();
        Map<String, String> info = info(ask(wire, RedisCommands.plain(Protocol.Command.INFO)));
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

    /** The answer; nothing where an ACL forbids the question, which the service never asks. */
    private static Optional<Object> ask(RedisConnection wire, CommandArguments question) {
        try {
            return Optional.of(wire.exchange(List.of(question)).getFirst());
        } catch (RedisUnavailableException refused) {
            if (RedisFailures.reason(refused).startsWith("NOPERM")) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Seconds and microseconds. */
    private static Instant time(Object reply) {
        List<?> parts = (List<?>) reply;
        return Instant.ofEpochSecond(Long.parseLong(RedisReplies.text(parts.get(0))))
                .plusNanos(Long.parseLong(RedisReplies.text(parts.get(1))) * 1_000);
    }

    /** Lines {@code name:value}. */
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

    private static Duration roundTrip(RedisConnection wire) {
        List<CommandArguments> question = List.of(RedisCommands.plain(Protocol.Command.PING));
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < QUESTIONS; i++) {
            long before = System.nanoTime();
            wire.exchange(question);
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

    /** The first word of a lease. */
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
