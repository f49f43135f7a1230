package loom.dispatch.image.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.process.ImageProcess;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.LedgerCheck;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import redis.clients.jedis.RedisClient;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment of the image in a test: a simulator of Discord, Redis, RabbitMQ, and a consumer
 * that compares the received events with those that the simulator dispatched.
 *
 * <p>RabbitMQ starts slowly. Therefore the tests of a JVM share one RabbitMQ, and each test has its
 * own virtual host. A test that ends or freezes RabbitMQ, or changes its users, starts its own.
 */
public final class ImageTestSetup implements AutoCloseable {
    public static final int SHARDS = 4;
    public static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final SimulatorConfig config =
            SimulatorConfig.standard()
                    .withShards(SHARDS)
                    .withIdentifyInterval(Duration.ofMillis(100))
                    .withHeartbeatInterval(HEARTBEAT)
                    .withReplayEvents(200_000);
    private final Simulator simulator;
    private final RabbitServer rabbit;
    private final boolean ownRabbit;
    private final RedisServer redis;
    private final VirtualHost host;
    private final LedgerCheck check;
    private final QueueConsumer reader;
    private ImageProcess image;

    /** Uses the shared RabbitMQ. */
    public ImageTestSetup() throws IOException {
        this(Servers.sharedRabbit(), false, Map.of());
    }

    private ImageTestSetup(
            RabbitServer rabbit, boolean ownRabbit, Map<String, Object> consumerArguments)
            throws IOException {
        simulator = Simulator.start(config);
        this.rabbit = rabbit;
        this.ownRabbit = ownRabbit;
        redis = Servers.redis();
        host = ownRabbit ? rabbit.virtualHost() : rabbit.newVirtualHost();
        check = new LedgerCheck(simulator.ledger());
        reader = new QueueConsumer(host, check, consumerArguments);
    }

    /** Starts a RabbitMQ that only this test uses. */
    public static ImageTestSetup withOwnRabbit() throws IOException {
        return withOwnRabbit(Map.of());
    }

    /** Starts a RabbitMQ that only this test uses, and consumes with these arguments. */
    public static ImageTestSetup withOwnRabbit(Map<String, Object> consumerArguments)
            throws IOException {
        return new ImageTestSetup(Servers.rabbit(), true, consumerArguments);
    }

    public Simulator simulator() {
        return simulator;
    }

    public RabbitServer rabbit() {
        return rabbit;
    }

    public RedisServer redis() {
        return redis;
    }

    public ImageProcess image() {
        return image;
    }

    LedgerCheck check() {
        return check;
    }

    public VirtualHost host() {
        return host;
    }

    /** Returns the environment variables with the addresses of these servers. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("BOT_TOKEN", config.token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
        environment.put("SHARDS_WAIT", "0");
        environment.put("RABBIT_HOST", host.host());
        environment.put("RABBIT_PORT", Integer.toString(host.port()));
        environment.put("RABBIT_USERNAME", host.user());
        environment.put("RABBIT_PASSWORD", host.password());
        environment.put("RABBIT_VHOST", host.name());
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
        environment.put("PROMETHEUS_PORT", "0");
        return environment;
    }

    public void startImage() {
        startImage(Map.of());
    }

    /** Starts the image with additional variables. */
    public void startImage(Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        image = LinkedImage.start(environment);
    }

    /** Uses a process that the test started itself. */
    public void use(ImageProcess other) {
        image = other;
    }

    /** Waits until all shards have a session. */
    public void awaitReady() throws Exception {
        await("all shards connected", () -> simulator.connectedShards() == SHARDS);
    }

    /** Waits until every session is saved. From then on a kill loses no event. */
    public void awaitSessionsSaved() throws Exception {
        try (RedisClient client = RedisClient.create(redis.host(), redis.port())) {
            await("all sessions saved", () -> client.hlen("gateway_checkpoints") == SHARDS);
        }
    }

    /** Waits until the consumer received this many more events. */
    public void awaitEvents(long more) throws Exception {
        long wanted = check.report().received() + more;
        await(more + " more events", () -> check.report().received() >= wanted);
    }

    public <E extends Exception> void await(String what, Eventually.Condition<E> condition)
            throws E {
        Eventually.await(
                what,
                TIMEOUT,
                () -> check.report() + (image == null ? "" : "\n" + outputAndThreads()),
                condition);
    }

    private String outputAndThreads() {
        return tail(image.output()) + "\n" + LinkedImage.threads(image);
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 6000));
    }

    /** Stops the events, waits for the last one, and compares all with the ledger. */
    public LedgerCheck.Report assertNoEventLost() throws InterruptedException {
        simulator.events().pause();
        LedgerCheck.Report report = check.awaitComplete(TIMEOUT);
        if (!report.kept()) {
            // a shard may have resumed during the first wait: its RESUMED is one event more
            report = check.awaitComplete(TIMEOUT);
        }
        LedgerCheck.Report last = report;
        assertNull(reader.failure());
        assertTrue(last.kept(), () -> last + "\n" + tail(image.output()));
        assertEquals(0, report.unclaimed(), report::toString);
        return report;
    }

    /** Asserts the maximum time between two heartbeats, in heartbeat intervals. */
    public void assertHeartbeatsOnTime(double intervals) {
        for (ClientActionRecorder.Connection connection : simulator.recorder().connections()) {
            double gap = (double) connection.longestHeartbeatGapNanos() / HEARTBEAT.toNanos();
            assertTrue(gap <= intervals, () -> "a heartbeat was " + gap + " intervals late");
        }
    }

    @Override
    public void close() throws IOException {
        if (image != null) {
            image.close();
        }
        reader.close();
        if (ownRabbit) {
            rabbit.close();
        }
        redis.close();
        simulator.close();
    }
}
