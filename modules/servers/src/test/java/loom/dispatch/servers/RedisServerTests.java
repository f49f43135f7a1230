package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.process.ReadinessCheck;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** Assertions for Redis servers of every source. */
final class RedisServerTests {
    private static final int KEYS = 500;

    private RedisServerTests() {}

    static Jedis connect(RedisServer redis) {
        var config = DefaultJedisClientConfig.builder();
        if (!redis.password().isEmpty()) {
            config.password(redis.password());
        }
        return new Jedis(new HostAndPort(redis.host(), redis.port()), config.build());
    }

    static void keepsAcknowledgedWritesThroughKillAndStop(RedisServer redis) {
        int port = redis.port();
        try (var jedis = connect(redis)) {
            for (int i = 0; i < KEYS; i++) {
                jedis.set("key:" + i, "value");
            }
        }
        redis.kill();
        assertFalse(redis.isRunning());
        redis.start();
        assertEquals(port, redis.port());
        awaitAllKeys(redis);
        redis.stop();
        assertFalse(redis.isRunning());
        redis.start();
        awaitAllKeys(redis);
    }

    static void repliesAgainAfterPause(RedisServer redis) {
        redis.pause();
        assertTrue(redis.isRunning());
        // a thread of the server may still run for a moment after the signal
        Eventually.await(
                "no reply", () -> !ReadinessCheck.REDIS.answers(redis.host(), redis.port()));
        redis.resume();
        Eventually.await(
                "an answer", () -> ReadinessCheck.REDIS.answers(redis.host(), redis.port()));
    }

    /** Redis asks for the password before it has loaded its data, so it counts as ready earlier. */
    private static void awaitAllKeys(RedisServer redis) {
        Eventually.await(
                "all acknowledged keys",
                () -> {
                    try (var jedis = connect(redis)) {
                        return jedis.dbSize() == KEYS;
                    } catch (JedisDataException loading) {
                        return false;
                    }
                });
    }
}
