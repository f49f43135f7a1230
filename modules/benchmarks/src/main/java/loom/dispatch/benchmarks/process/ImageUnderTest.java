package loom.dispatch.benchmarks.process;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.ServerFailure;
import loom.dispatch.servers.process.ExitCleanup;
import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The linked image as a child process, with a log of its garbage collections. */
public final class ImageUnderTest implements AutoCloseable {
    private static final Pattern PAUSE = Pattern.compile("Pause .*?([0-9.]+)ms$");
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int LAST_LINES = 20;

    private final ImageProcess process;
    private final Path gcLog;

    private ImageUnderTest(ImageProcess process, Path gcLog) {
        this.process = process;
        this.gcLog = gcLog;
    }

    /**
     * @param home the image, {@code jlink/target/loom-dispatch}
     * @param scratch the directory for the logs
     * @param settings further environment variables; JAVA_OPTS is appended to the options of this
     *     method and of the benchmark's own environment
     */
    public static ImageUnderTest start(
            Path home,
            Path scratch,
            String apiUrl,
            int rabbitPort,
            RedisServer redis,
            Map<String, String> settings)
            throws IOException {
        Files.createDirectories(scratch);
        Path gcLog = scratch.resolve("gc.log");
        Files.deleteIfExists(gcLog);
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("BOT_TOKEN", "MTA4OTIzNDU2Nzg5MDEyMzQ1Ng.simulated.token");
        environment.put("DISCORD_API_URL", apiUrl);
        environment.put("INTENTS", Integer.toString(RecordedTraffic.ALL_INTENTS));
        environment.put("RESUME", "false");
        environment.put("RABBIT_HOST", "127.0.0.1");
        environment.put("RABBIT_PORT", Integer.toString(rabbitPort));
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
        environment.put("PROMETHEUS_PORT", "0");
        environment.put("STATE_MEMBER", "true");
        environment.putAll(settings);
        environment.put(
                "JAVA_OPTS",
                String.join(
                        " ",
                        "-Xlog:gc:file=" + gcLog,
                        System.getenv().getOrDefault("JAVA_OPTS", ""),
                        settings.getOrDefault("JAVA_OPTS", "")));
        var process =
                new ImageProcess(
                        List.of(home.resolve("bin/loom-dispatch").toString()),
                        environment,
                        scratch,
                        scratch.resolve("image.log"));
        process.start();
        new ExitCleanup("image", process::close);
        return new ImageUnderTest(process, gcLog);
    }

    public long pid() {
        return process.pid();
    }

    /** The text of {@code /metrics}. */
    public String metrics() throws IOException {
        try {
            return process.get("/metrics").body();
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    /** Fails with the end of the log if the image has ended. */
    public void requireRunning() throws IOException {
        if (!process.isRunning()) {
            throw new IOException(
                    "the image ended with exit code %d:\n%s"
                            .formatted(
                                    process.exitCode(),
                                    String.join("\n", process.lastLines(LAST_LINES))));
        }
    }

    /** The pauses of the garbage collections so far, in milliseconds. */
    public List<Double> pausesMillis() throws IOException {
        return Files.readAllLines(gcLog).stream()
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .map(found -> Double.parseDouble(found.group(1)))
                .toList();
    }

    /** Sends SIGTERM, then SIGKILL after 30 seconds. */
    @Override
    public void close() {
        try {
            process.stop(STOP_LIMIT);
        } catch (InterruptedException e) {
            process.close();
            Thread.currentThread().interrupt();
        }
    }
}
