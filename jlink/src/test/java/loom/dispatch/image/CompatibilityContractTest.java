package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.image.support.ImageProcess;
import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.RedisClient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What consumers of the predecessor rely on, read as they read it. */
final class CompatibilityContractTest {
    private ImageTestSetup stage;

    @BeforeEach
    void start() throws Exception {
        stage = new ImageTestSetup();
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    private Connection connect() throws Exception {
        VirtualHost host = stage.host();
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        return factory.newConnection();
    }

    /** The messages of a second queue that is bound to one event, as workers do. */
    private static Map<String, GetResponse> take(Channel channel, String queue, int count)
            throws Exception {
        Map<String, GetResponse> taken = new HashMap<>();
        Eventually.await(
                count + " messages in " + queue,
                ImageTestSetup.PATIENCE,
                taken::toString,
                () -> {
                    GetResponse response = channel.basicGet(queue, true);
                    if (response != null) {
                        taken.put(response.getProps().getMessageId(), response);
                    }
                    return taken.size() >= count;
                });
        return taken;
    }

    @Test
    void eventsCarryTheBodyOfThePredecessorAndAllElseInProperties() throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("gateway", "topic", true);
            channel.queueDeclare("guilds", false, false, true, Map.of());
            channel.queueBind("guilds", "gateway", "GUILD_CREATE");
            stage.startImage();
            stage.awaitReady();
            for (GetResponse response : take(channel, "guilds", 8).values()) {
                var properties = response.getProps();
                var headers = properties.getHeaders();
                assertEquals("GUILD_CREATE", response.getEnvelope().getRoutingKey());
                assertEquals(2, properties.getDeliveryMode());
                assertEquals("GUILD_CREATE", properties.getType());
                assertEquals(
                        headers.get("session") + ":" + headers.get("seq"),
                        properties.getMessageId());
                String body = new String(response.getBody(), StandardCharsets.UTF_8);
                assertTrue(body.startsWith("{\"op\":0,\"t\":\"GUILD_CREATE\",\"d\":{"), body);
                Map<String, Object> event = JSON.std.mapFrom(body);
                assertEquals(List.of("op", "t", "d"), List.copyOf(event.keySet()));
                Object guild = ((Map<?, ?>) event.get("d")).get("id");
                assertEquals(guild, headers.get("guild_id").toString());
                long shard =
                        (Long.parseUnsignedLong((String) guild) >>> 22) % ImageTestSetup.SHARDS;
                assertEquals(shard, ((Number) headers.get("shard")).longValue());
            }
        }
    }

    @Test
    void theExchangeAndTheQueuesHaveThePredecessorsArguments() throws Exception {
        stage.startImage();
        stage.awaitReady();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            // another argument would close the channel with 406
            channel.exchangeDeclare("gateway", "topic", true, false, false, Map.of());
            channel.queueDeclare("gateway.recv", true, false, false, Map.of());
            channel.queueDeclare("gateway.send", true, false, false, Map.of());
            assertTrue(channel.isOpen());
        }
    }

    @Test
    void thePredecessorsEnvFileStartsTheServiceOnceATokenIsInIt(@TempDir Path folder)
            throws Exception {
        Map<String, String> elsewhere = stage.environment();
        String token = elsewhere.remove("BOT_TOKEN");
        // the file says 6 s
        elsewhere.remove("SHARDS_WAIT");
        String file = Files.readString(Path.of("../.env.example"));
        Files.writeString(
                folder.resolve(".env"),
                file.replaceFirst("(?m)^BOT_TOKEN=$", "BOT_TOKEN=" + token));
        try (var image = ImageProcess.startIn(folder, elsewhere)) {
            stage.use(image);
            stage.await("its two shards", () -> stage.simulator().connectedShards() == 2);
            stage.await("ready", () -> image.get("/readyz").statusCode() == 200);
            stage.simulator().events().rate(100);
            stage.awaitEvents(100);
            assertFalse(image.output().contains("configuration.unknown"), image.output());
        }
    }

    @Test
    void theInformationKeysReadAsThePredecessors() throws Exception {
        try (RedisClient redis = RedisClient.create(stage.redis().host(), stage.redis().port())) {
            redis.set("prefix:1", "a worker's own");
            stage.startImage();
            stage.awaitReady();
            stage.await("bot_user", () -> redis.exists("bot_user"));
            stage.await(
                    "statuses",
                    () ->
                            redis.exists("gateway_statuses")
                                    && !redis.get("gateway_statuses").contains("Disconnected")
                                    && !redis.get("gateway_statuses").contains("Handshaking")
                                    && !redis.get("gateway_statuses").contains("Identifying"));
            assertEquals("4", redis.get("gateway_shards"));
            String started = redis.get("gateway_started");
            assertTrue(started.startsWith("\"") && started.endsWith("\""), started);
            LocalDateTime.parse(started.substring(1, started.length() - 1));
            List<Object> statuses = JSON.std.listFrom(redis.get("gateway_statuses"));
            for (int shard = 0; shard < ImageTestSetup.SHARDS; shard++) {
                Map<?, ?> status = (Map<?, ?>) statuses.get(shard);
                assertEquals(
                        List.of("shard", "status", "latency", "last_ack"),
                        List.copyOf(status.keySet()));
                assertEquals(shard, ((Number) status.get("shard")).intValue());
                assertEquals("Connected", status.get("status"));
                LocalDateTime.parse((String) status.get("last_ack"));
            }
            stage.await("sessions", () -> redis.exists("gateway_sessions"));
            stage.await(
                    "all sessions",
                    () -> JSON.std.mapFrom(redis.get("gateway_sessions")).size() == 4);
            // a session of which nothing is settled yet stands at 0
            stage.await("READY settled", () -> sequence(session(redis)) >= 1);
            assertFalse(((String) session(redis).get("session_id")).isEmpty());
            assertEquals("a worker's own", redis.get("prefix:1"));
        }
    }

    private static Map<?, ?> session(RedisClient redis) throws IOException {
        return (Map<?, ?>) JSON.std.mapFrom(redis.get("gateway_sessions")).get("0");
    }

    private static long sequence(Map<?, ?> session) {
        return ((Number) session.get("sequence")).longValue();
    }

    @Test
    void aFirstStartOnThePredecessorsRedisResumesItsSessions() throws Exception {
        try (RedisClient redis = RedisClient.create(stage.redis().host(), stage.redis().port())) {
            stage.startImage();
            stage.awaitReady();
            stage.await(
                    "all sessions",
                    () ->
                            redis.exists("gateway_sessions")
                                    && JSON.std.mapFrom(redis.get("gateway_sessions")).size() == 4);
            stage.image().terminate();
            assertEquals(0, stage.image().awaitExit(ImageTestSetup.PATIENCE));
            // what the predecessor leaves: its object and the number of shards, nothing of ours
            redis.del("gateway_checkpoints");
            stage.startImage();
            stage.awaitReady();
            stage.await(
                    "all resumed",
                    () -> stage.simulator().recorder().count(6) == ImageTestSetup.SHARDS);
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            stage.assertPromiseKept();
        }
    }
}
