package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;
import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Tests the content and form of the published shard statuses. */
class ShardStatusStoreTest {
    private static final Instant NOW = Instant.parse("2026-08-06T06:26:40.120Z");

    private RedisServer server;
    private RedisClient redis;
    private RedisTestClient probe;

    @BeforeEach
    void start() throws Exception {
        server = SharedRedis.emptied();
        redis = RedisClient.connect(RedisTestClient.config(server));
        probe = new RedisTestClient(server);
    }

    @AfterEach
    void stop() {
        redis.close();
        probe.close();
    }

    private ShardStatusStore store(int shards, Instant now) {
        return new ShardStatusStore(redis, shards, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static ShardStatus connected(int shard, int latency, Instant lastAck) {
        return new ShardStatus(shard, ShardStatus.Status.CONNECTED, latency, Optional.of(lastAck));
    }

    @Test
    void startIsQuotedTimeWithoutZoneAndShardCountIsInteger() {
        store(3, NOW).started(Instant.parse("2026-08-06T06:26:40Z"));
        assertEquals("\"2026-08-06T06:26:40.0\"", probe.get("gateway_started"));
        assertEquals("3", probe.get("gateway_shards"));
        store(3, NOW).started(Instant.parse("2026-08-06T06:26:40.123456789Z"));
        assertEquals("\"2026-08-06T06:26:40.123456789\"", probe.get("gateway_started"));
    }

    @Test
    void statusArrayHasEachShardInOrderWithFieldsOfContract() {
        store(3, NOW).publish(List.of(connected(2, 41, NOW), connected(0, 7, NOW)));
        assertEquals(
                "[{\"shard\":0,\"status\":\"Connected\",\"latency\":7,"
                        + "\"last_ack\":\"2026-08-06T06:26:40.12\"},"
                        + "{\"shard\":1,\"status\":\"Disconnected\",\"latency\":0,"
                        + "\"last_ack\":\"1970-01-01T00:00:00.0\"},"
                        + "{\"shard\":2,\"status\":\"Connected\",\"latency\":41,"
                        + "\"last_ack\":\"2026-08-06T06:26:40.12\"}]",
                probe.get("gateway_statuses"));
    }

    @Test
    void timesParseWithoutZone() {
        store(2, NOW).publish(List.of(connected(0, 7, NOW)));
        for (JsonValue entry :
                JsonValue.of(RedisTestClient.utf8(probe.get("gateway_statuses"))).elements()) {
            String time = JsonObject.of(entry).require("last_ack").text();
            assertTrue(time.contains("."), time);
            LocalDateTime.parse(time);
        }
    }

    @Test
    void statusArrayCombinesShardsOfAllProcesses() {
        store(2, NOW).publish(List.of(connected(0, 1, NOW)));
        store(2, NOW).publish(List.of(connected(1, 2, NOW)));
        String statuses = probe.get("gateway_statuses");
        assertTrue(statuses.contains("\"shard\":0,\"status\":\"Connected\""), statuses);
        assertTrue(statuses.contains("\"shard\":1,\"status\":\"Connected\""), statuses);
    }

    @Test
    void shardsOfDeadProcessBecomeDisconnected() {
        store(2, NOW).publish(List.of(connected(1, 2, NOW)));
        store(2, NOW.plusSeconds(31)).publish(List.of(connected(0, 1, NOW)));
        assertTrue(
                probe.get("gateway_statuses")
                        .contains(
                                "{\"shard\":1,\"status\":\"Disconnected\",\"latency\":2,"
                                        + "\"last_ack\":\"2026-08-06T06:26:40.12\"}"));
    }

    @Test
    void invalidHashFieldsDoNotSpoilStatusArray() {
        probe.hashSet("gateway_shard_statuses", "0", "nonsense");
        probe.hashSet("gateway_shard_statuses", "1", "12 {\"status\":true}");
        store(3, NOW).publish(List.of(connected(2, 1, NOW)));
        assertEquals(
                3,
                JsonValue.of(RedisTestClient.utf8(probe.get("gateway_statuses")))
                        .elements()
                        .size());
    }
}
