package loom.dispatch.demo;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Measures the image: from its start to its first IDENTIFY, the CPU till then, and its resident
 * memory with 16 ready shards. Prints the median of some runs, for one run on a shared machine
 * tells little.
 */
final class Measurement {
    private static final int SHARDS = 16;

    /** Starts that do not count: Discord's side is warm, and so must the simulator be. */
    private static final int WARM_UPS = 3;

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** After the last shard is ready, so that the garbage of the start does not count as state. */
    private static final long SETTLE_NANOS = 3_000_000_000L;

    private Measurement() {}

    static void run(int runs, Path launcher, Path target)
            throws IOException, InterruptedException, TimeoutException {
        long[] bareMillis = new long[runs];
        long[] identifyMillis = new long[runs];
        long[] processorMillis = new long[runs];
        long[] residentMegabytes = new long[runs];
        try (RabbitServer rabbit = Servers.embeddedRabbit()) {
            for (int run = -WARM_UPS; run < runs; run++) {
                // each warm-up is overwritten by the first that counts
                int i = Math.max(0, run);
                bareMillis[i] = bareStartMillis(launcher.resolveSibling("java"));
                // an empty Redis for each: the service pauses a shard that identifies again and
                // again, also over restarts
                try (RedisServer redis = Servers.embeddedRedis();
                        Simulator simulator = Simulator.start(discord())) {
                    var image =
                            new ImageProcess(
                                    launcher,
                                    environment(simulator, rabbit, redis),
                                    Files.createDirectories(target.resolve("demo-run")),
                                    target.resolve("measure.log"));
                    long started = System.nanoTime();
                    image.start();
                    try {
                        await(() -> !simulator.recorder().identifies().isEmpty());
                        processorMillis[i] = processorMillis(image.pid());
                        await(() -> simulator.connectedShards() == SHARDS);
                        long first = simulator.recorder().identifies().getFirst().nanos();
                        identifyMillis[i] = (first - started) / 1_000_000;
                        LockSupport.parkNanos(SETTLE_NANOS);
                        residentMegabytes[i] = residentKilobytes(image.pid()) / 1024;
                    } finally {
                        image.terminate(Duration.ofSeconds(30));
                    }
                }
            }
        }
        System.out.println("start of a bare JVM      " + median(bareMillis) + " ms");
        System.out.println("start to first IDENTIFY  " + median(identifyMillis) + " ms");
        System.out.println("CPU till then            " + median(processorMillis) + " ms");
        System.out.println(
                "RSS, " + SHARDS + " ready shards     " + median(residentMegabytes) + " MB");
        System.out.println("medians of " + runs + " runs after " + WARM_UPS + " that do not count");
    }

    /** As for a bot of that size, one IDENTIFY at a time, but with no pause between them. */
    private static SimulatorConfig discord() {
        return SimulatorConfig.standard()
                .withShards(SHARDS)
                .withMaxConcurrency(1)
                .withIdentifyInterval(Duration.ZERO);
    }

    /** What this machine takes now for the image's Java to say its version, whole process. */
    private static long bareStartMillis(Path java) throws IOException, InterruptedException {
        long started = System.nanoTime();
        new ProcessBuilder(java.toString(), "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return (System.nanoTime() - started) / 1_000_000;
    }

    private static Map<String, String> environment(
            Simulator simulator, RabbitServer rabbit, RedisServer redis) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        // to compare options of the JVM
        environment.put("JAVA_OPTS", System.getenv().getOrDefault("JAVA_OPTS", ""));
        environment.put("BOT_TOKEN", SimulatorConfig.standard().token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
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
        long deadline = System.nanoTime() + PATIENCE_NANOS;
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

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
