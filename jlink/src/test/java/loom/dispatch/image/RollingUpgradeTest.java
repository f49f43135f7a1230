package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.process.ImageProcess;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.RedisClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Starts the image on the Redis keys and the spool of release 1ca9124, see {@code
 * src/test/resources/release-1ca9124}.
 */
final class RollingUpgradeTest {
    private static final Path RECORDING = Path.of("src/test/resources/release-1ca9124");

    /**
     * A session of the release. It saved {@code settled}, and the spool has the events after it up
     * to {@code last}.
     */
    private record OldSession(String id, long settled, long last) {
        List<String> spooledMessageIds() {
            return LongStream.rangeClosed(settled + 1, last).mapToObj(n -> id + ":" + n).toList();
        }
    }

    private static final List<OldSession> OLD_SESSIONS =
            List.of(
                    new OldSession("ff0143d489eef0218d3704355802307c", 39, 68),
                    new OldSession("be6855e3bb03156991f650eab86aad09", 26, 58));

    @TempDir private Path folder;

    private final List<String> messageIds = new CopyOnWriteArrayList<>();
    private Simulator simulator;
    private RedisServer redis;
    private VirtualHost host;

    @BeforeEach
    void start() throws IOException {
        simulator =
                Simulator.start(
                        SimulatorConfig.standard()
                                .withShards(OLD_SESSIONS.size())
                                .withIdentifyInterval(Duration.ofMillis(100)));
        redis = Servers.redis();
        host = Servers.sharedRabbit().newVirtualHost();
        restoreRedis();
        restoreSpool();
    }

    @AfterEach
    void stop() throws IOException {
        redis.close();
        simulator.close();
    }

    @Test
    void publishesSpoolOfOlderReleaseInOrderAndResumesAfterIt() throws Exception {
        try (var image = LinkedImage.start(environment())) {
            // the simulator does not know these sessions, so the shards identify after the RESUME
            await("shards connected", image, () -> simulator.connectedShards() == 2);
            try (Connection connection = consume()) {
                await("spool published", image, () -> messagesOfOldSessions().size() >= spooled());
                await("new session published", image, () -> messageIds.size() > spooled() + 2);
                assertTrue(connection.isOpen());
            }
            assertTrue(image.isRunning(), image::output);
        }
        for (OldSession session : OLD_SESSIONS) {
            assertEquals(
                    session.spooledMessageIds(),
                    messageIds.stream().filter(id -> id.startsWith(session.id())).toList());
            ClientActionRecorder.Resume resume =
                    simulator.recorder().resumes().stream()
                            .filter(sent -> sent.sessionId().equals(session.id()))
                            .findFirst()
                            .orElseThrow();
            assertEquals(session.last(), resume.sequence());
        }
    }

    @Test
    void auditFindsNoFaultInStateOfOlderRelease() throws Exception {
        try (var audit = LinkedImage.start(environment(), "audit")) {
            assertEquals(0, audit.awaitExit(ImageTestSetup.TIMEOUT), audit::output);
        }
    }

    private static long spooled() {
        return OLD_SESSIONS.stream().mapToLong(session -> session.last() - session.settled()).sum();
    }

    private List<String> messagesOfOldSessions() {
        return messageIds.stream()
                .filter(id -> OLD_SESSIONS.stream().anyMatch(old -> id.startsWith(old.id())))
                .toList();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("BOT_TOKEN", simulator.config().token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
        environment.put("SHARDS_WAIT", "0");
        environment.put("RABBIT_URI", host.uri().toString());
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
        environment.put("PROMETHEUS_PORT", "0");
        environment.put("SPOOL_DIR", folder.toString());
        return environment;
    }

    private static void await(
            String what, ImageProcess image, Eventually.Condition<RuntimeException> condition) {
        Eventually.await(what, ImageTestSetup.TIMEOUT, image::output, condition);
    }

    private Connection consume() throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(host.uri());
        Connection connection = factory.newConnection();
        Channel channel = connection.createChannel();
        channel.basicConsume(
                "gateway.recv",
                true,
                new DefaultConsumer(channel) {
                    @Override
                    public void handleDelivery(
                            String tag,
                            Envelope envelope,
                            AMQP.BasicProperties properties,
                            byte[] body) {
                        messageIds.add(String.valueOf(properties.getMessageId()));
                    }
                });
        return connection;
    }

    private void restoreRedis() throws IOException {
        try (var client = RedisClient.create(redis.host(), redis.port())) {
            for (String line : Files.readAllLines(RECORDING.resolve("redis.tsv"))) {
                List<String> fields = new ArrayList<>(List.of(line.split("\t")));
                fields.replaceAll(this::withAddresses);
                String key = fields.get(1);
                switch (fields.getFirst()) {
                    case "string" -> client.set(key, fields.get(2));
                    case "hash" -> client.hset(key, fields.get(2), fields.get(3));
                    case "set" -> client.sadd(key, fields.get(2));
                    case "zset" ->
                            client.zadd(key, Double.parseDouble(fields.get(3)), fields.get(2));
                    default -> throw new AssertionError(line);
                }
            }
        }
    }

    private String withAddresses(String field) {
        String gateway = simulator.gatewayUri().toString();
        return field.replace("RESUME_URL", gateway).replace("GATEWAY_URL", gateway);
    }

    private void restoreSpool() throws IOException {
        Path spool = RECORDING.resolve("spool");
        try (Stream<Path> files = Files.walk(spool)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(spool.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
