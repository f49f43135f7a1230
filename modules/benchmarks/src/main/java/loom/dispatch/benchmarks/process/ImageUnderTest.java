package loom.dispatch.benchmarks.process;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.servers.RedisServer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the linked image as a child process. Closing it sends SIGTERM. */
public final class ImageUnderTest implements AutoCloseable {
    private static final Pattern PAUSE = Pattern.compile("Pause .*?([0-9.]+)ms$");
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path log;
    private final Path gcLog;
    private final int port;

    private ImageUnderTest(Process process, Path log, Path gcLog, int port) {
        this.process = process;
        this.log = log;
        this.gcLog = gcLog;
        this.port = port;
    }

    /**
     * @param home the image, {@code jlink/target/loom-dispatch}
     * @param scratch the directory for its logs
     * @param more settings in addition to the addresses; its JAVA_OPTS follow those of the
     *     benchmark
     */
    public static ImageUnderTest start(
            Path home,
            Path scratch,
            String apiUrl,
            int rabbitPort,
            RedisServer redis,
            Map<String, String> more)
            throws IOException {
        Files.createDirectories(scratch);
        Path log = scratch.resolve("image.log");
        Path gcLog = scratch.resolve("gc.log");
        Files.deleteIfExists(gcLog);
        var builder = new ProcessBuilder(home.resolve("bin/loom-dispatch").toString());
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
        int port = freePort();
        environment.put("PROMETHEUS_PORT", Integer.toString(port));
        environment.put("STATE_MEMBER", "true");
        environment.putAll(more);
        environment.put(
                "JAVA_OPTS",
                String.join(
                        " ",
                        "-Xlog:gc:file=" + gcLog,
                        System.getenv().getOrDefault("JAVA_OPTS", ""),
                        more.getOrDefault("JAVA_OPTS", "")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(scratch.toFile());
        builder.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ImageUnderTest(process, log, gcLog, port);
    }

    public long pid() {
        return process.pid();
    }

    /** Returns the text of {@code /metrics}. */
    public String metrics() throws IOException {
        var url = URI.create("http://127.0.0.1:" + port + "/metrics").toURL();
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Fails with the end of its log if it has ended. */
    public void requireRunning() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new IOException(
                    "the image ended with "
                            + process.exitValue()
                            + ":\n"
                            + String.join(
                                    "\n",
                                    lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
    }

    /** Returns the pauses of its garbage collections so far, in milliseconds. */
    public List<Double> pausesMillis() throws IOException {
        return Files.readAllLines(gcLog).stream()
                .map(PAUSE::matcher)
                .filter(Matcher::find)
                .map(found -> Double.parseDouble(found.group(1)))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
