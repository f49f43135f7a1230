package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Tests that a start reads the last GET /gateway/bot response and ignores invalid values. */
final class GatewayBotStoreTest {
    private static final GatewayBotStore.Content SAID =
            new GatewayBotStore.Content(URI.create("wss://gateway.example"), 32, 16);

    private final RedisServer server = SharedRedis.emptied();
    private RedisClient redis;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisClient.connect(RedisTestClient.config(server));
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    private GatewayBotStore of(String bot) {
        return new GatewayBotStore(redis, bot);
    }

    @Test
    void readReturnsLatestContentOfThatBot() {
        assertEquals(Optional.empty(), of("1").read());
        of("1").write(new GatewayBotStore.Content(URI.create("wss://old.example"), 1, 1));
        of("1").write(SAID);
        assertEquals(Optional.of(SAID), of("1").read());
        assertEquals(Optional.empty(), of("2").read());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wss://gateway.example",
                "{}",
                "{\"url\":7,\"shards\":1,\"max_concurrency\":1}",
                "{\"url\":\"http://gateway.example\",\"shards\":1,\"max_concurrency\":1}",
                "{\"url\":\"wss://gate way\",\"shards\":1,\"max_concurrency\":1}",
                "{\"url\":\"wss://gateway.example\",\"shards\":0,\"max_concurrency\":1}",
                "{\"url\":\"wss://gateway.example\",\"shards\":1,\"max_concurrency\":9999999999}",
                "{\"url\":\"wss://gateway.example\",\"shards\":\"1\",\"max_concurrency\":1}"
            })
    void readIgnoresInvalidValue(String value) {
        put(value);
        assertEquals(Optional.empty(), of("1").read());
    }

    @Test
    void writeReplacesKeyOfOtherType() {
        redis.exchange(List.of(RedisCommands.addToSet("gateway_bot:1", List.of("a member"))));
        assertEquals(Optional.empty(), of("1").read());
        of("1").write(SAID);
        assertEquals(Optional.of(SAID), of("1").read());
    }

    private void put(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        redis.exchange(List.of(RedisCommands.set("gateway_bot:1", bytes)));
    }
}
