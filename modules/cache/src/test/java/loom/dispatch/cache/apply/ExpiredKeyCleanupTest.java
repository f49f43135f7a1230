package loom.dispatch.cache.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisTestClient;
import loom.dispatch.cache.SharedRedis;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Tests that the cleanup removes expired keys, and no others, from the index sets. */
final class ExpiredKeyCleanupTest {
    private static final String KEY = "message:1:2";
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT.withLives(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final RedisServer server = SharedRedis.emptied();
    private final RedisTestClient probe = new RedisTestClient(server);
    private RedisClient redis;

    @BeforeEach
    void write() throws Exception {
        redis = RedisClient.connect(RedisTestClient.config(server));
        String message = "{\"id\":\"2\",\"channel_id\":\"1\",\"author\":{\"id\":\"3\"}}";
        new StateCache(redis, CONFIG, 1)
                .apply(
                        0,
                        List.of(
                                new StateEvent(
                                        "s", 1, "MESSAGE_CREATE", RedisTestClient.utf8(message))));
        assertEquals(1L, expirySetSize());
    }

    @AfterEach
    void end() {
        redis.close();
        probe.close();
    }

    private Object expirySetSize() {
        return probe.eval("return redis.call('ZCARD', 'gateway_expiry:0')");
    }

    /** Runs the cleanup of a quiet shard two minutes later. */
    private void sweep() throws InterruptedException {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
        new StateCache(redis, CONFIG, 1, later).apply(0, List.of());
    }

    @Test
    void expiredKeyIsRemovedFromItsSets() throws Exception {
        probe.eval("return redis.call('DEL', '" + KEY + "')");
        sweep();
        assertEquals(0L, expirySetSize());
        assertEquals(Set.of(), probe.members("message_keys"));
        assertEquals(Set.of(), probe.members("channel_keys:1"));
    }

    @Test
    void quietShardQueriesRedisOnlyWhenKeysMayHaveExpired() throws Exception {
        probe.eval("return redis.call('DEL', '" + KEY + "')");
        var seconds = new AtomicLong();
        InstantSource source = () -> Instant.now().plusSeconds(seconds.get());
        var cache = new StateCache(redis, CONFIG, 1, source.withZone(ZoneOffset.UTC));
        cache.apply(0, List.of());
        long before = redis.stats().roundTrips();
        for (; seconds.get() < 50; seconds.incrementAndGet()) {
            cache.apply(0, List.of());
        }
        assertEquals(0, redis.stats().roundTrips() - before);
        assertEquals(1L, expirySetSize());
        seconds.addAndGet(20);
        cache.apply(0, List.of());
        assertEquals(0L, expirySetSize());
    }

    @Test
    void persistedKeyStaysInItsSetsAndIsNotCheckedAgain() throws Exception {
        probe.eval("return redis.call('PERSIST', '" + KEY + "')");
        sweep();
        assertEquals(0L, expirySetSize());
        assertEquals(Set.of(KEY), probe.members("message_keys"));
        assertEquals(Set.of(KEY), probe.members("channel_keys:1"));
    }

    @Test
    void keyWithLongerTtlIsCheckedAgain() throws Exception {
        sweep();
        assertEquals(1L, expirySetSize());
        assertEquals(Set.of(KEY), probe.members("message_keys"));
    }
}
