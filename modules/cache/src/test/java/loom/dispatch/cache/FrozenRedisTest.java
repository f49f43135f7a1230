package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import redis.clients.jedis.CommandArguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tests that the client detects a frozen Redis by its timeouts. */
class FrozenRedisTest {
    private static final Duration LIMIT = Duration.ofMillis(400);

    /** A limit for a busy machine. A client without a timeout would wait for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** All values together exceed the socket buffers of both sides. */
    private static final int LARGE_BYTES = 1 << 20;

    private static final int LARGE_VALUES = 32;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"redis://:password@%1$s:%2$d", "unix://:password@%3$s"})
    void missingReplyFailsWithinTimeout(String uri) throws Exception {
        try (RedisServer server = server();
                RedisClient redis = connect(uri, server)) {
            server.pause();
            assertEquals(
                    "no progress for 400 ms", failure(redis, RedisCommands.get("k")).getMessage());
            assertFalse(redis.answering());
            assertEquals(
                    "Read timed out",
                    failure(redis, RedisCommands.get("k")).getMessage(),
                    "a new connection first sends HELLO");
            server.resume();
            redis.runWithRetries(wire -> wire.exchange(List.of(RedisCommands.get("k"))));
            assertTrue(redis.answering());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:password@%1$s:%2$d", "unix://:password@%3$s"})
    void blockedWriteFailsWithinTimeout(String uri) throws Exception {
        var large = RedisCommands.set("k", new byte[LARGE_BYTES]);
        try (RedisServer server = server();
                RedisClient redis = connect(uri, server)) {
            server.pause();
            var all = Collections.nCopies(LARGE_VALUES, large).toArray(CommandArguments[]::new);
            assertEquals("no progress for 400 ms", failure(redis, all).getMessage());
            server.resume();
            redis.runWithRetries(wire -> wire.exchange(List.of(all)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://:password@%1$s:%2$d", "unix://:password@%3$s"})
    void closingClientEndsPendingCommand(String uri) throws Exception {
        try (RedisServer server = server()) {
            RedisClient redis = connect(uri, server, PATIENCE.multipliedBy(2));
            server.pause();
            var failure = new CompletableFuture<String>();
            Thread.startVirtualThread(
                    () -> failure.complete(failure(redis, RedisCommands.get("k")).getMessage()));
            Eventually.await(
                    "a connection in use", PATIENCE, () -> redis.stats().connectionsInUse() == 1);
            redis.close();
            assertEquals("closed", failure.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private static RedisUnavailableException failure(
            RedisClient redis, CommandArguments... commands) {
        return assertTimeoutPreemptively(
                PATIENCE,
                () ->
                        assertThrows(
                                RedisUnavailableException.class,
                                () -> redis.exchange(List.of(commands))));
    }

    private RedisServer server() {
        return Servers.redisProcess(
                "--unixsocket",
                folder.resolve("redis.sock").toString(),
                "--requirepass",
                "password");
    }

    private RedisClient connect(String uri, RedisServer server) throws Exception {
        return connect(uri, server, LIMIT);
    }

    private RedisClient connect(String uri, RedisServer server, Duration limit) throws Exception {
        String filled = uri.formatted(server.host(), server.port(), folder.resolve("redis.sock"));
        return RedisClient.attempt(RedisUri.parse(filled).withTimeouts(LIMIT, limit));
    }
}
