package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.runtime.Secret;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Tests which failures the Redis client retries and which fail the start. */
class RedisClientTest {

    @Test
    void connectWaitsUntilRedisStarts() throws Exception {
        try (RedisServer server = Servers.redis()) {
            server.kill();
            AtomicReference<RedisClient> connected = new AtomicReference<>();
            Thread starter = Thread.ofVirtual().start(() -> connected.set(connect(server)));
            assertFalse(starter.join(Duration.ofMillis(300)));
            server.start();
            assertTrue(starter.join(Duration.ofSeconds(20)));
            connected.get().close();
        }
    }

    @Test
    void interruptEndsWaitingConnect() throws Exception {
        try (RedisServer server = Servers.redis()) {
            server.kill();
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread starter =
                    Thread.ofVirtual()
                            .start(() ->
                                    assertThrows(
                                            InterruptedException.class,
                                            () -> {
                                                try {
                                                    RedisClient.connect(
                                                            RedisTestClient.config(server));
                                                } catch (InterruptedException end) {
                                                    interrupted.countDown();
                                                    throw end;
                                                }
                                            }));
            assertFalse(starter.join(Duration.ofMillis(200)));
            starter.interrupt();
            assertTrue(starter.join(Duration.ofSeconds(5)));
            assertEquals(0, interrupted.getCount());
        }
    }

    @Test
    void wrongPasswordFailsConnectAndIsNotShown() {
        try (RedisServer server = Servers.redis("--requirepass", "right")) {
            RedisConfig wrong =
                    RedisTestClient.config(server).withCredentials("", new Secret("wr0ng"));
            RedisRefusedException refusal =
                    assertThrows(
                            RedisRefusedException.class, () -> RedisClient.connect(wrong).close());
            assertTrue(refusal.getMessage().contains("WRONGPASS"), refusal.getMessage());
            assertFalse(refusal.getMessage().contains("wr0ng"), refusal.getMessage());
            assertFalse(wrong.toString().contains("wr0ng"), wrong.toString());
            assertThrows(
                    RedisRefusedException.class,
                    () -> RedisClient.connect(RedisTestClient.config(server)).close(),
                    "no password at all");
        }
    }

    @Test
    void missingDatabaseFailsConnect() {
        try (RedisServer server = Servers.redis("--databases", "2")) {
            RedisConfig config = RedisTestClient.config(server).withDatabase(7);
            assertThrows(RedisRefusedException.class, () -> RedisClient.connect(config).close());
        }
    }

    @Test
    void connectUsesPasswordAndDatabaseOfUri() throws Exception {
        try (RedisServer server = Servers.redis("--requirepass", "s:@/ecret");
                RedisClient redis =
                        RedisClient.connect(
                                RedisUri.parse(
                                        "redis://:s%%3A%%40%%2Fecret@%s:%d/3"
                                                .formatted(server.host(), server.port())))) {
            redis.exchange(List.of(RedisCommands.set("k", RedisTestClient.utf8("v"))));
            assertEquals(
                    "v",
                    RedisReplies.text(redis.exchange(List.of(RedisCommands.get("k"))).getFirst()));
        }
    }

    @Test
    void patientExchangeSurvivesKillOfRedis() throws Exception {
        try (RedisServer server = Servers.redis();
                RedisClient redis = connect(server)) {
            server.kill();
            Thread restart = Thread.ofVirtual().unstarted(server::start);
            restart.start();
            redis.runWithRetries(wire ->
                    wire.exchange(List.of(RedisCommands.set("k", RedisTestClient.utf8("v")))));
            restart.join();
            assertTrue(redis.answering());
            assertTrue(redis.stats().failures() >= 0);
        }
    }

    private static RedisClient connect(RedisServer server) {
        try {
            return RedisClient.connect(RedisTestClient.config(server));
        } catch (RedisRefusedException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
