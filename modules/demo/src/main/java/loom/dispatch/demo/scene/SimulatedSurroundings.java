package loom.dispatch.demo.scene;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.demo.DemoOptions;
import loom.dispatch.demo.MetricsPort;
import loom.dispatch.demo.view.LedgerTotals;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.LedgerCheck;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * Connects the image to a simulated Discord with a ledger and to embedded RabbitMQ and Redis. All
 * listen on 127.0.0.1 and stop at the end.
 */
public final class SimulatedSurroundings implements DemoSurroundings {
    /** How many seconds of events a RESUME can replay after a kill. */
    private static final int REPLAY_SECONDS = 60;

    /**
     * All intents, presences included, which are half of the events: bits 0 to 16, 20, 21, 24 and
     * 25.
     */
    private static final String ALL_INTENTS = Integer.toString((1 << 17) - 1 | 3 << 20 | 3 << 24);

    private static final int LEAST_REPLAY = 2_000;

    private final DemoOptions options;
    private final Path directory;
    private final int httpPort = MetricsPort.choose();
    private final Simulator simulator;
    private final LedgerCheck check;
    private final RabbitServer rabbit;
    private final RedisServer redis;
    private final EventConsumer consumer;
    private boolean eventsHappen;

    public SimulatedSurroundings(DemoOptions options, Path target)
            throws IOException, TimeoutException {
        this.options = options;
        directory = Files.createDirectories(target.resolve("demo-run"));
        CompletableFuture<RedisServer> startingRedis =
                CompletableFuture.supplyAsync(Servers::embeddedRedis);
        rabbit = Servers.embeddedRabbit();
        redis = startingRedis.join();
        int perShard = options.rate() * REPLAY_SECONDS / options.shards();
        simulator =
                Simulator.start(
                        SimulatorConfig.standard()
                                .withShards(options.shards())
                                .withMaxConcurrency(options.shards())
                                .withReplayEvents(Math.max(LEAST_REPLAY, perShard)));
        check = new LedgerCheck(simulator.ledger());
        var factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        consumer = EventConsumer.consuming(factory, this::received);
        // Last, so that a failed start leaves no process behind. At Ctrl-C the image drains into
        // these servers.
        rabbit.keepUntilClosed();
        redis.keepUntilClosed();
    }

    private void received(AMQP.BasicProperties properties, String type, byte[] body) {
        long nanos = System.nanoTime();
        Object shard =
                properties.getHeaders() == null ? null : properties.getHeaders().get("shard");
        int number = shard instanceof Number known ? known.intValue() : -1;
        String id = String.valueOf(properties.getMessageId());
        check.received(number, id, type, EventPayload.of(type, body), nanos);
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String kept : List.of("PATH", "HOME", "LANG", "TMPDIR", "JAVA_OPTS")) {
            String value = System.getenv(kept);
            if (value != null) {
                environment.put(kept, value);
            }
        }
        environment.put("BOT_TOKEN", SimulatorConfig.standard().token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
        environment.put("SHARDS_TOTAL", Integer.toString(options.shards()));
        environment.put("INTENTS", ALL_INTENTS);
        environment.put("RABBIT_HOST", rabbit.host());
        environment.put("RABBIT_PORT", Integer.toString(rabbit.port()));
        environment.put("RABBIT_USERNAME", rabbit.user());
        environment.put("RABBIT_PASSWORD", rabbit.password());
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
        environment.put("PROMETHEUS_HOST", "127.0.0.1");
        environment.put("PROMETHEUS_PORT", Integer.toString(httpPort));
        return environment;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String title() {
        return "simulated Discord and embedded stores";
    }

    @Override
    public String httpAddress() {
        return "http://127.0.0.1:" + httpPort;
    }

    @Override
    public List<Hint> hints(long imagePid) {
        String killed = options.killEverySeconds() > 0 ? "" : "  (it restarts; no event is lost)";
        return List.of(
                new Hint("page", httpAddress() + "/"),
                new Hint("metrics", httpAddress() + "/metrics"),
                new Hint("queue", "gateway.recv at " + rabbit.virtualHost().uri()),
                new Hint("redis", "redis-cli -p " + redis.port() + " get gateway_statuses"),
                new Hint("try", "kill -9 " + imagePid + killed));
    }

    @Override
    public void tick() {
        if (!eventsHappen && simulator.connectedShards() == options.shards()) {
            eventsHappen = true;
            simulator.events().rate(options.rate());
        }
    }

    @Override
    public LedgerTotals totals() {
        LedgerCheck.Report report = check.report();
        return new LedgerTotals(
                report.dispatched(),
                report.received(),
                report.lost(),
                report.repeated(),
                report.outOfOrder(),
                report.unknown() + report.corrupted(),
                report.p50Nanos(),
                report.p99Nanos(),
                report.examples());
    }

    @Override
    public boolean hasLedger() {
        return true;
    }

    @Override
    public List<String> shardStates() {
        return ShardStatusReader.read(redis.host(), redis.port());
    }

    @Override
    public String latestEvent() {
        return consumer.latest();
    }

    @Override
    public void stopEvents() {
        simulator.events().pause();
    }

    @Override
    public boolean drained() {
        return check.report().lost() == 0;
    }

    @Override
    public Duration drainTimeout() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void close() {
        consumer.close();
        try {
            simulator.close();
        } catch (IOException e) {
            System.err.println("demo: the simulator did not close: " + e);
        }
        rabbit.close();
        redis.close();
    }
}
