package loom.dispatch.demo.scene;

import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.demo.view.LedgerTotals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Connects the image to real Discord, RabbitMQ and Redis, which the environment names. It reads
 * copies of the events and takes no message from existing queues.
 */
public final class RealSurroundings implements DemoSurroundings {
    private static final List<String> NEEDED = List.of("BOT_TOKEN", "RABBIT_HOST", "REDIS_HOST");
    private static final int CONNECT_MILLIS = 2_000;

    private final Map<String, String> given;
    private final String httpAddress;
    private Optional<EventConsumer> consumer = Optional.empty();

    public RealSurroundings(Map<String, String> given) {
        this.given = Map.copyOf(given);
        httpAddress =
                "http://%s:%s"
                        .formatted(
                                given.getOrDefault("PROMETHEUS_HOST", "127.0.0.1"),
                                given.getOrDefault("PROMETHEUS_PORT", "8005"));
    }

    /** Returns true if the environment sets all required variables. */
    public static boolean isConfigured(Map<String, String> environment) {
        return NEEDED.stream().allMatch(name -> isSet(environment, name));
    }

    /** Returns a note about missing variables if the environment sets only some of them. */
    public static Optional<String> missingVariables(Map<String, String> environment) {
        List<String> set = NEEDED.stream().filter(name -> isSet(environment, name)).toList();
        if (set.isEmpty() || set.size() == NEEDED.size()) {
            return Optional.empty();
        }
        List<String> missing = NEEDED.stream().filter(name -> !set.contains(name)).toList();
        return Optional.of(
                "%s set but not %s: running against the simulated Discord"
                        .formatted(String.join(", ", set), String.join(", ", missing)));
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    @Override
    public Map<String, String> environment() {
        return new HashMap<>(given);
    }

    @Override
    public Path directory() {
        return Path.of("").toAbsolutePath();
    }

    @Override
    public String title() {
        return "Discord, RabbitMQ at %s:%s, Redis at %s:%s"
                .formatted(
                        given.get("RABBIT_HOST"),
                        given.getOrDefault("RABBIT_PORT", "5672"),
                        given.get("REDIS_HOST"),
                        given.getOrDefault("REDIS_PORT", "6379"));
    }

    @Override
    public String httpAddress() {
        return httpAddress;
    }

    @Override
    public List<Hint> hints(long imagePid) {
        String watching = consumer.isPresent() ? "watching copies" : "waiting for the exchange";
        return List.of(
                new Hint("metrics", httpAddress + "/metrics"),
                new Hint("health", httpAddress + "/healthcheck"),
                new Hint("events", watching + " of gateway; nothing is taken from your queues"),
                new Hint("image", "pid " + imagePid));
    }

    /** Connects as soon as the image has declared the exchange. */
    @Override
    public void tick() {
        if (consumer.isPresent()) {
            return;
        }
        var factory = new ConnectionFactory();
        factory.setHost(given.get("RABBIT_HOST"));
        factory.setPort(Integer.parseInt(given.getOrDefault("RABBIT_PORT", "5672")));
        factory.setUsername(given.getOrDefault("RABBIT_USERNAME", "guest"));
        factory.setPassword(given.getOrDefault("RABBIT_PASSWORD", "guest"));
        factory.setConnectionTimeout(CONNECT_MILLIS);
        try {
            consumer = Optional.of(EventConsumer.observing(factory, (_, _, _) -> {}));
        } catch (IOException | TimeoutException notYet) {
            consumer = Optional.empty();
        }
    }

    @Override
    public LedgerTotals totals() {
        long received = consumer.map(EventConsumer::received).orElse(0L);
        return new LedgerTotals(0, received, 0, 0, 0, 0, 0, 0, List.of());
    }

    @Override
    public boolean hasLedger() {
        return false;
    }

    @Override
    public List<String> shardStates() {
        return ShardStatusReader.read(
                given.get("REDIS_HOST"),
                Integer.parseInt(given.getOrDefault("REDIS_PORT", "6379")));
    }

    @Override
    public String latestEvent() {
        return consumer.map(EventConsumer::latest).orElse("");
    }

    @Override
    public void stopEvents() {}

    @Override
    public boolean drained() {
        return true;
    }

    @Override
    public Duration drainTimeout() {
        return Duration.ZERO;
    }

    @Override
    public void close() {
        consumer.ifPresent(EventConsumer::close);
    }
}
