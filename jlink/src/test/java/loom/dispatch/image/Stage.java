package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.LedgerCheck;
import loom.dispatch.simulator.Recorder;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import redis.clients.jedis.RedisClient;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Everything around the image: a fake Discord and a Redis of its own, RabbitMQ, and a reader of the
 * queue that holds what arrives against what Discord dispatched.
 *
 * <p>RabbitMQ takes as long to start as most tests need: they share one, each with a virtual host
 * of its own. Who ends it, stops its time or changes its users has one of its own.
 */
final class Stage implements AutoCloseable {
    static final int SHARDS = 4;
    static final Duration PATIENCE = Duration.ofSeconds(60);
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
    private final QueueReader reader;
    private ImageProcess image;

    /** One on the RabbitMQ that the tests share. */
    Stage() throws IOException {
        this(Servers.sharedRabbit(), false, Map.of());
    }

    private Stage(RabbitServer rabbit, boolean ownRabbit, Map<String, Object> consumerArguments)
            throws IOException {
        simulator = Simulator.start(config);
        this.rabbit = rabbit;
        this.ownRabbit = ownRabbit;
        redis = Servers.redis();
        host = ownRabbit ? rabbit.virtualHost() : rabbit.newVirtualHost();
        check = new LedgerCheck(simulator.ledger());
        reader = new QueueReader(host, check, consumerArguments);
    }

    /** One with a RabbitMQ that the test may do anything to. */
    static Stage withOwnRabbit() throws IOException {
        return withOwnRabbit(Map.of());
    }

    /** The same, and its reader consumes with these arguments. */
    static Stage withOwnRabbit(Map<String, Object> consumerArguments) throws IOException {
        return new Stage(Servers.rabbit(), true, consumerArguments);
    }

    Simulator simulator() {
        return simulator;
    }

    RabbitServer rabbit() {
        return rabbit;
    }

    RedisServer redis() {
        return redis;
    }

    ImageProcess image() {
        return image;
    }

    LedgerCheck check() {
        return check;
    }

    VirtualHost host() {
        return host;
    }

    /** What the image needs to find all this. */
    Map<String, String> environment() {
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

    void startImage() {
        startImage(Map.of());
    }

    /** Starts it with these variables besides. */
    void startImage(Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        image = ImageProcess.start(environment);
    }

    /** A process that was started in another way takes the image's place. */
    void use(ImageProcess other) {
        image = other;
    }

    /** Waits until all shards have a session. */
    void awaitReady() throws Exception {
        await("all shards connected", () -> simulator.connectedShards() == SHARDS);
    }

    /** Waits until the session of every shard is saved: from then on a kill loses nothing. */
    void awaitSaved() throws Exception {
        try (RedisClient client = RedisClient.create(redis.host(), redis.port())) {
            await("all sessions saved", () -> client.hlen("gateway_checkpoints") == SHARDS);
        }
    }

    /** Waits until so many more events arrived at the queue. */
    void awaitEvents(long more) throws Exception {
        long wanted = check.report().received() + more;
        await(more + " more events", () -> check.report().received() >= wanted);
    }

    void await(String what, java.util.concurrent.Callable<Boolean> condition) throws Exception {
        Eventually.await(
                what,
                PATIENCE,
                () -> check.report() + (image == null ? "" : "\n" + whatTheImageDoes()),
                condition);
    }

    private String whatTheImageDoes() {
        return tail(image.output()) + "\n" + image.threads();
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 6000));
    }

    /** Stops the events, waits for the last, and holds all against the ledger. */
    LedgerCheck.Report assertPromiseKept() throws InterruptedException {
        simulator.events().pause();
        LedgerCheck.Report report = check.awaitComplete(PATIENCE);
        assertNull(reader.failure());
        assertTrue(report.kept(), () -> report + "\n" + tail(image.output()));
        assertEquals(0, report.unclaimed(), report::toString);
        return report;
    }

    /** No connection went without a heartbeat for longer than this part of the interval. */
    void assertHeartbeatsOnTime(double intervals) {
        for (Recorder.Connection connection : simulator.recorder().connections()) {
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
