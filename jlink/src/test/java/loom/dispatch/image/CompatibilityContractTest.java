package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
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

/** Reads events, queues and keys as consumers of twilight-dispatch do. */
final class CompatibilityContractTest {
    private ImageTestSetup setup;

    @BeforeEach
    void start() throws Exception {
        setup = new ImageTestSetup();
    }

    @AfterEach
    void stop() throws Exception {
        setup.close();
    }

    private Connection connect() throws Exception {
        VirtualHost host = setup.host();
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        return factory.newConnection();
    }

    /** Consumes from a second queue that is bound to one event type, as workers do. */
    private static Map<String, GetResponse> take(Channel channel, String queue, int count)
            throws Exception {
        Map<String, GetResponse> taken = new HashMap<>();
        Eventually.await(
                count + " messages in " + queue,
                ImageTestSetup.TIMEOUT,
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
    void eventsHaveTwilightDispatchsBodyAndTheRestInProperties() throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("gateway", "topic", true);
            channel.queueDeclare("guilds", false, false, true, Map.of());
            channel.queueBind("guilds", "gateway", "GUILD_CREATE");
            setup.startImage();
            setup.awaitReady();
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
    void exchangeAndQueuesHaveTwilightDispatchsArguments() throws Exception {
        setup.startImage();
        setup.awaitReady();
        try (Connection connection = connect();
                Channel channel = connection.createChannel()) {
            // RabbitMQ closes the channel with 406 if an argument differs
            channel.exchangeDeclare("gateway", "topic", true, false, false, Map.of());
            channel.queueDeclare("gateway.recv", true, false, false, Map.of());
            channel.queueDeclare("gateway.send", true, false, false, Map.of());
            assertTrue(channel.isOpen());
        }
    }

    @Test
    void startsWithTwilightDispatchsEnvFileAndAToken(@TempDir Path folder) throws Exception {
        Map<String, String> elsewhere = setup.environment();
        String token = elsewhere.remove("BOT_TOKEN");
        // the file sets 6 s
        elsewhere.remove("SHARDS_WAIT");
        String file = Files.readString(Path.of("../.env.example"));
        Files.writeString(
                folder.resolve(".env"),
                file.replaceFirst("(?m)^BOT_TOKEN=$", "BOT_TOKEN=" + token));
        try (var image = LinkedImage.startIn(folder, elsewhere)) {
            setup.use(image);
            setup.await("its two shards", () -> setup.simulator().connectedShards() == 2);
            setup.await("ready", () -> image.get("/readyz").statusCode() == 200);
            setup.simulator().events().rate(100);
            setup.awaitEvents(100);
            assertFalse(image.output().contains("configuration.unknown"), image.output());
        }
    }

    @Test
    void informationKeysHaveTwilightDispatchsFormat() throws Exception {
        try (RedisClient redis = RedisClient.create(setup.redis().host(), setup.redis().port())) {
            redis.set("prefix:1", "a worker's own");
            setup.startImage();
            setup.awaitReady();
            setup.await("bot_user", () -> redis.exists("bot_user"));
            setup.await(
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
            setup.await("sessions", () -> redis.exists("gateway_sessions"));
            setup.await(
                    "all sessions",
                    () -> JSON.std.mapFrom(redis.get("gateway_sessions")).size() == 4);
            // the sequence is 0 while no event of the session is settled
            setup.await("READY settled", () -> sequence(session(redis)) >= 1);
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
    void firstStartResumesTwilightDispatchsSessions() throws Exception {
        try (RedisClient redis = RedisClient.create(setup.redis().host(), setup.redis().port())) {
            setup.startImage();
            setup.awaitReady();
            setup.await(
                    "all sessions",
                    () ->
                            redis.exists("gateway_sessions")
                                    && JSON.std.mapFrom(redis.get("gateway_sessions")).size() == 4);
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT));
            // twilight-dispatch leaves its sessions and the shard count, and no key of this service
            redis.del("gateway_checkpoints");
            setup.startImage();
            setup.awaitReady();
            setup.await(
                    "all resumed",
                    () -> setup.simulator().recorder().count(6) == ImageTestSetup.SHARDS);
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
            setup.assertNoEventLost();
        }
    }
}
