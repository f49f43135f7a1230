package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.redis.RedisCluster;
import loom.dispatch.servers.redis.RedisSentinels;

import org.junit.jupiter.api.Test;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tests that the state equals the model after a master has died during a history and a replica has
 * taken over. Prints the seed; {@code -Dcache.seed=S} repeats it.
 */
class RedisFailoverTest {
    private static final int LENGTH = 600;
    private static final int BATCH = 20;
    private static final Gson GSON = new Gson();
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT.withLives(Duration.ZERO, Duration.ZERO);

    @Test
    void stateEqualsModelAfterClusterFailover() throws Exception {
        try (RedisCluster cluster = RedisCluster.start();
                RedisClient redis =
                        RedisClient.connect(RedisUri.parse("redis-cluster://" + nodes(cluster)))) {
            play(
                    redis,
                    () -> {
                        RedisServer master = cluster.someMaster();
                        awaitReplication(master);
                        master.kill();
                    });
        }
    }

    @Test
    void stateEqualsModelAfterSentinelFailover() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.start();
                RedisClient redis =
                        RedisClient.connect(
                                RedisUri.parse(
                                        "redis-sentinel://%s/%s"
                                                .formatted(
                                                        String.join(",", sentinels.addresses()),
                                                        RedisSentinels.MASTER)))) {
            play(
                    redis,
                    () -> {
                        RedisServer master = sentinels.master();
                        awaitReplication(master);
                        master.kill();
                    });
        }
    }

    /** Redis replicates after its reply. A master loses writes that no replica has received. */
    private static void awaitReplication(RedisServer master) {
        try (var jedis = new Jedis(master.host(), master.port())) {
            assertTrue(jedis.waitReplicas(1, 1_500) >= 1, "no replica has received the writes");
        }
    }

    private static void play(RedisClient redis, Runnable failure) throws InterruptedException {
        long seed = Long.getLong("cache.seed", System.nanoTime());
        System.out.println("RedisFailoverTest: seed " + seed);
        List<RandomHistory.Step> steps = new RandomHistory(seed).steps(LENGTH);
        StateCache cache = new StateCache(redis, CONFIG, 1);
        ReferenceStateModel model = new ReferenceStateModel(CONFIG, RandomHistory.BOT);
        for (int at = 0; at < LENGTH; at += BATCH) {
            if (at == LENGTH / 2) {
                failure.run();
            }
            List<RandomHistory.Step> batch = steps.subList(at, at + BATCH);
            cache.apply(0, batch.stream().map(RandomHistory.Step::event).toList());
            batch.forEach(step -> model.apply(step.type(), step.data()));
        }
        assertEquals(model.expected(), actual(redis, model.expected()), "seed " + seed);
    }

    /** The values of the model's keys and of every key that an index set lists. */
    private static Map<String, JsonElement> actual(
            RedisClient redis, Map<String, JsonElement> expected) throws InterruptedException {
        Map<String, JsonElement> all = new TreeMap<>();
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        for (ObjectKind kind : ObjectKind.values()) {
            keys.add(kind.set());
            keys.addAll(members(redis, kind.set()));
        }
        for (String key : keys) {
            if (key.contains("_keys")) {
                List<String> members = new ArrayList<>(new TreeSet<>(members(redis, key)));
                if (!members.isEmpty()) {
                    all.put(key, GSON.toJsonTree(members));
                }
            } else {
                RedisReplies.bytes(one(redis, RedisCommands.get(key)))
                        .map(value -> new String(value, StandardCharsets.UTF_8))
                        .ifPresent(value -> all.put(key, GSON.fromJson(value, JsonElement.class)));
            }
        }
        return all;
    }

    private static List<String> members(RedisClient redis, String set) throws InterruptedException {
        return ((List<?>) one(redis, RedisCommands.on(Protocol.Command.SMEMBERS, set)))
                .stream().map(RedisReplies::text).toList();
    }

    private static Object one(RedisClient redis, CommandArguments command)
            throws InterruptedException {
        return redis.runWithRetries(wire -> wire.exchange(List.of(command))).getFirst();
    }

    private static String nodes(RedisCluster cluster) {
        return String.join(
                ",",
                cluster.nodes().stream().map(node -> node.host() + ":" + node.port()).toList());
    }
}
