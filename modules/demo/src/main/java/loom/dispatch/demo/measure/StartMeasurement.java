package loom.dispatch.demo.measure;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.process.ChildProcess;
import loom.dispatch.servers.process.ImageProcess;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.TestCertificateAuthority;
import loom.dispatch.simulator.TlsProxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Measures the image: time and CPU from its start to the first IDENTIFY, and resident memory with
 * 16 ready shards. It prints medians, because single starts vary on a shared machine. Compared
 * images start in alternation, so that they see the same load.
 */
public final class StartMeasurement {
    private static final int SHARDS = 16;

    /**
     * Unmeasured starts that warm up the simulator and the embedded servers. Real ones are warm
     * too.
     */
    private static final int WARM_UPS = 6;

    private static final long TIMEOUT_NANOS = 60_000_000_000L;

    /**
     * The wait after the last shard is ready, so that garbage of the start does not count as state.
     */
    private static final long SETTLE_NANOS = 3_000_000_000L;

    private final MeasureOptions options;
    private final Path target;
    private final Optional<TestCertificateAuthority> authority;

    /**
     * @param target the directory for its files
     */
    public StartMeasurement(MeasureOptions options, Path target)
            throws IOException, InterruptedException {
        this.options = options;
        this.target = target;
        authority =
                options.tls()
                        ? Optional.of(TestCertificateAuthority.in(target.resolve("authority")))
                        : Optional.empty();
    }

    /**
     * Measures and prints the results.
     *
     * @param image the directory of the image that the build linked
     */
    public void run(Path image) throws IOException, InterruptedException, TimeoutException {
        Map<Path, StartTimes> images = new LinkedHashMap<>();
        images.put(image, new StartTimes());
        options.against().forEach(other -> images.put(other, new StartTimes()));
        List<Long> bareMillis = new ArrayList<>();
        try (RabbitServer rabbit = Servers.embeddedRabbit()) {
            for (int i = 0; i < WARM_UPS; i++) {
                start(image, rabbit, new StartTimes(), false);
            }
            for (int i = 0; i < options.runs(); i++) {
                bareMillis.add(bareStartMillis(image.resolve("bin/java")));
                List<Path> order = new ArrayList<>(images.keySet());
                if (i % 2 == 1) {
                    // Alternate the order, so that no image always starts second.
                    Collections.reverse(order);
                }
                for (Path one : order) {
                    start(one, rabbit, images.get(one), options.memory());
                }
            }
        }
        System.out.println("start of a bare JVM      " + StartTimes.median(bareMillis) + " ms");
        images.forEach((path, starts) -> print(path, starts, images.get(image)));
        System.out.printf(
                "medians of %d starts%s after %d unmeasured ones%n",
                options.runs(), options.tls() ? " over TLS" : "", WARM_UPS);
    }

    private static void print(Path path, StartTimes starts, StartTimes first) {
        if (starts != first) {
            System.out.println(path);
        }
        System.out.print(starts.text());
        if (starts != first) {
            System.out.println("ratio of the built image to it: " + first.ratios(starts));
        }
    }

    /**
     * Measures one start. Redis is empty: the service delays a shard that identifies repeatedly,
     * also across restarts.
     */
    private void start(Path image, RabbitServer rabbit, StartTimes starts, boolean memory)
            throws IOException, InterruptedException, TimeoutException {
        try (RedisServer redis = Servers.embeddedRedis();
                Simulator simulator = Simulator.start(discord());
                TlsProxy tls = front(simulator)) {
            var process =
                    new ImageProcess(
                            ChildProcess.inNewSession(
                                    List.of(image.resolve("bin/loom-dispatch").toString())),
                            environment(simulator, tls, rabbit, redis),
                            Files.createDirectories(target.resolve("demo-run")),
                            target.resolve("measure.log"));
            long started = System.nanoTime();
            process.start();
            try {
                await(() -> !simulator.recorder().identifies().isEmpty());
                long processor = processorMillis(process.pid());
                await(() -> simulator.connectedShards() == SHARDS);
                long first = simulator.recorder().identifies().getFirst().nanos();
                starts.identified((first - started) / 1_000_000, processor);
                if (memory) {
                    LockSupport.parkNanos(SETTLE_NANOS);
                    starts.resident(residentKilobytes(process.pid()) / 1024);
                }
            } finally {
                process.stop(Duration.ofSeconds(30));
            }
        }
    }

    /**
     * Returns a configuration with one IDENTIFY at a time, as for a bot of that size, and without
     * the interval.
     */
    private static SimulatorConfig discord() {
        return SimulatorConfig.standard()
                .withShards(SHARDS)
                .withMaxConcurrency(1)
                .withIdentifyInterval(Duration.ZERO);
    }

    /** Returns the TLS proxy, or null without TLS. */
    private TlsProxy front(Simulator simulator) throws IOException {
        return authority.isEmpty()
                ? null
                : new TlsProxy(authority.get(), simulator.restUri().getPort());
    }

    /** Returns how long {@code java -version} of the image takes now, as a reference. */
    private static long bareStartMillis(Path java) throws IOException, InterruptedException {
        long started = System.nanoTime();
        new ProcessBuilder(java.toString(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return (System.nanoTime() - started) / 1_000_000;
    }

    private Map<String, String> environment(
            Simulator simulator, TlsProxy tls, RabbitServer rabbit, RedisServer redis) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        // Lets a user compare JVM options.
        String javaOptions = System.getenv().getOrDefault("JAVA_OPTS", "");
        environment.put("BOT_TOKEN", SimulatorConfig.standard().token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
        if (tls != null) {
            String address = "127.0.0.1:" + tls.port();
            environment.put(
                    "DISCORD_API_URL", "https://" + address + simulator.restUri().getPath());
            environment.put("GATEWAY_URL", "wss://" + address);
            javaOptions += " " + authority.orElseThrow().trustOptions();
        }
        environment.put("JAVA_OPTS", javaOptions);
        environment.put("RESUME", "false");
        environment.put("SHARDS_WAIT", "0");
        environment.put("RABBIT_HOST", rabbit.host());
        environment.put("RABBIT_PORT", Integer.toString(rabbit.port()));
        environment.put("RABBIT_USERNAME", rabbit.user());
        environment.put("RABBIT_PASSWORD", rabbit.password());
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
        environment.put("PROMETHEUS_PORT", "0");
        return environment;
    }

    private static void await(BooleanSupplier condition) throws TimeoutException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("the image did not become ready");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long residentKilobytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }

    private static long processorMillis(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }
}
