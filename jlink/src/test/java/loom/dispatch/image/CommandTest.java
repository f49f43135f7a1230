package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.ClientActionRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Publishes commands as the workers of twilight-dispatch do. */
final class CommandTest {
    private static final int SOUNDS = 31;

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private ImageTestSetup setup;
    private Connection connection;
    private Channel channel;
    private String replies;

    @BeforeEach
    void start() throws Exception {
        setup = new ImageTestSetup();
        VirtualHost host = setup.host();
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.queueDeclare("gateway.send", true, false, false, Map.of());
        replies = channel.queueDeclare().getQueue();
        channel.basicConsume(
                replies,
                true,
                (_, answer) ->
                        answers.put(
                                answer.getProperties().getCorrelationId(),
                                new String(answer.getBody(), StandardCharsets.UTF_8)),
                _ -> {});
    }

    @AfterEach
    void stop() throws Exception {
        connection.close();
        setup.close();
    }

    /** Publishes to the default exchange without properties. */
    private void publish(String body) throws Exception {
        channel.basicPublish("", "gateway.send", null, body.getBytes(StandardCharsets.UTF_8));
    }

    private void ask(String id, String body) throws Exception {
        var properties =
                new AMQP.BasicProperties.Builder().replyTo(replies).correlationId(id).build();
        channel.basicPublish("", "gateway.send", properties, body.getBytes(StandardCharsets.UTF_8));
    }

    private String answer(String id) throws Exception {
        setup.await("the answer to " + id, () -> answers.containsKey(id));
        return answers.get(id);
    }

    private List<ClientActionRecorder.Frame> frames(int shard, int op) {
        return setup.simulator().recorder().connections(shard).stream()
                .flatMap(each -> each.frames(op).stream())
                .toList();
    }

    private static String sounds(int shard, String id) {
        return "{\"op\":0,\"shard\":%d,\"data\":{\"op\":31,\"d\":{\"guild_ids\":[\"%s\"]}}}"
                .formatted(shard, id);
    }

    @Test
    void commandsOfTwilightDispatchWorkersReachDiscord() throws Exception {
        // RabbitMQ holds the command until the service starts
        publish(sounds(2, "early"));
        setup.startImage();
        setup.awaitReady();
        setup.await("the early one arrives", () -> frames(2, SOUNDS).size() == 1);
        publish(
                "{\"op\": 0, \"shard\": 2, \"data\": {\"op\": 3, \"d\": {\"since\": null,"
                        + " \"activities\": [{\"name\": \"mail | help\", \"type\": 0}], \"status\":"
                        + " \"idle\", \"afk\": false}}}");
        setup.await("the presence arrives", () -> frames(2, 3).size() == 1);
        publish("{\"op\": 1, \"shard\": 1}");
        setup.await(
                "the shard resumes",
                () -> frames(1, 6).size() == 1 && setup.simulator().connectedShards() == 4);
        ask("sounds", sounds(3, "1"));
        assertEquals("{\"result\":\"sent\"}", answer("sounds"));
        setup.await("it arrives", () -> frames(3, SOUNDS).size() == 1);
        String metrics = setup.image().get("/metrics").body();
        assertTrue(metrics.contains("gateway_commands{result=\"sent\"} 4"), metrics);
        setup.image().terminate();
        assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT), setup.image()::output);
        assertEquals(0, channel.messageCount("gateway.send"), "all was acknowledged");
        assertEquals(4, setup.simulator().recorder().count(2), "no other IDENTIFY");
    }

    @Test
    void impossibleCommandsAreAnsweredAndDeadLetteredWithReason() throws Exception {
        setup.startImage();
        setup.awaitReady();
        Map<String, String> cases =
                Map.of(
                        "{\"op\":0,\"shard\":9,\"data\":{\"op\":3}}",
                        "unknown_shard",
                        "{\"op\":0,\"shard\":0,\"data\":{\"op\":2,\"d\":{}}}",
                        "data.op",
                        "{\"op\":4,\"data\":{\"status\":\"asleep\"}}",
                        "data.status",
                        "{\"op\":5,\"guild_id\":\"4194304\",\"data\":{\"guild_id\":\"7\"}}",
                        "data.guild_id",
                        "{\"op\":0,\"shard\":0,\"data\":{\"op\":4,\"d\":{\"x\":\""
                                + "x".repeat(4_080)
                                + "\"}}}",
                        "\"limit\":4096",
                        "not json",
                        "malformed");
        for (Map.Entry<String, String> each : cases.entrySet()) {
            // the answer names the reason, which is also the correlation id
            ask(each.getValue(), each.getKey());
            String answer = answer(each.getValue());
            assertTrue(answer.contains(each.getValue()), () -> each.getValue() + " -> " + answer);
        }
        Set<String> kept = new HashSet<>();
        setup.await(
                "all are kept",
                () -> {
                    GetResponse next = channel.basicGet("gateway.send.rejected", true);
                    if (next != null) {
                        kept.add(new String(next.getBody(), StandardCharsets.UTF_8));
                        assertTrue(next.getProps().getHeaders().containsKey("rejected-reason"));
                    }
                    return kept.equals(cases.keySet());
                });
        assertEquals(4, setup.simulator().connectedShards(), "no connection was closed for it");
        assertEquals(0, setup.simulator().recorder().count(6), "RESUMEs");
    }

    @Test
    void memberRequestGoesToTheGuildsShardAndChunksCarryTheCorrelationId() throws Exception {
        setup.startImage(Map.of("INTENTS", "53575423"));
        setup.awaitReady();
        channel.queueDeclare("chunks", false, true, true, Map.of());
        channel.queueBind("chunks", "gateway", "GUILD_MEMBERS_CHUNK");
        String guild = setup.simulator().world().guildIds().getFirst();
        ask("request-1", "{\"op\":5,\"guild_id\":\"" + guild + "\",\"data\":{}}");
        assertEquals("{\"result\":\"sent\"}", answer("request-1"));
        setup.await(
                "its chunk",
                () -> {
                    GetResponse chunk = channel.basicGet("chunks", true);
                    return chunk != null
                            && new String(chunk.getBody(), StandardCharsets.UTF_8)
                                    .contains("\"nonce\":\"request-1\"");
                });
    }

    @Test
    void killLosesNoWaitingCommand() throws Exception {
        setup.startImage();
        setup.awaitReady();
        for (int i = 0; i < 100; i++) {
            publish(sounds(0, Integer.toString(i)));
        }
        // 120 messages a minute are allowed; heartbeats every two seconds leave fewer than 90
        setup.await(
                "the limit is reached and what was sent is acknowledged",
                () ->
                        setup.image()
                                .get("/metrics")
                                .body()
                                .lines()
                                .anyMatch(line -> line.matches(".*\\{result=\"sent\"} 8\\d")));
        setup.image().kill();
        setup.startImage();
        setup.await("all arrived", () -> arrived(0).size() == 100);
    }

    @Test
    void commandReachesTheProcessThatHoldsTheShard() throws Exception {
        Map<String, String> low = setup.environment();
        low.put("SHARDS_TOTAL", "4");
        low.put("SHARDS_END", "1");
        Map<String, String> high = setup.environment();
        high.put("SHARDS_TOTAL", "4");
        high.put("SHARDS_START", "2");
        try (var first = LinkedImage.start(low);
                var second = LinkedImage.start(high)) {
            setup.awaitReady();
            for (int i = 0; i < 80; i++) {
                ask("c" + i, sounds(i % 4, Integer.toString(i)));
            }
            for (int i = 0; i < 80; i++) {
                assertEquals("{\"result\":\"sent\"}", answer("c" + i), first::output);
            }
            ask("all", "{\"op\":3,\"data\":{\"op\":31,\"d\":{\"guild_ids\":[\"all\"]}}}");
            assertEquals("{\"result\":\"sent\"}", answer("all"));
            for (int shard = 0; shard < 4; shard++) {
                int each = shard;
                setup.await("all of shard " + each, () -> frames(each, SOUNDS).size() >= 21);
                Set<String> wanted = new HashSet<>(Set.of("all"));
                for (int i = shard; i < 80; i += 4) {
                    wanted.add(Integer.toString(i));
                }
                assertEquals(wanted, arrived(shard));
                assertEquals(21, frames(shard, SOUNDS).size(), "each once");
            }
            assertTrue(second.isRunning(), second::output);
        }
    }

    private Set<String> arrived(int shard) {
        Set<String> ids = new HashSet<>();
        for (ClientActionRecorder.Frame frame : frames(shard, SOUNDS)) {
            Map<?, ?> d = (Map<?, ?>) frame.payload().get("d");
            ((List<?>) d.get("guild_ids")).forEach(id -> ids.add((String) id));
        }
        return ids;
    }
}
