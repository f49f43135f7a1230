package loom.dispatch.servers.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the linked image as a child process: demo, benchmarks and image tests start it with this
 * class.
 *
 * <p>The owner can start it again after it has ended. The output of all runs goes to one log file.
 * Used by the owner's thread.
 */
public final class ImageProcess implements AutoCloseable {
    /** The exit code after SIGKILL. */
    public static final int KILLED = 128 + 9;

    private static final Pattern LISTENING = Pattern.compile("http\\.listening address=(\\S+)");
    private static final int SIGINT = 2;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;
    private final Path log;
    private Process process;

    /**
     * @param command the image's {@code bin/loom-dispatch}, or a command that runs it
     * @param environment the whole environment of the process
     * @param directory the working directory, where the image looks for {@code .env}
     * @param log receives the output; an existing file is deleted
     */
    public ImageProcess(
            List<String> command, Map<String, String> environment, Path directory, Path log)
            throws IOException {
        this.command = new ArrayList<>(signalDefaults());
        this.command.addAll(command);
        this.environment = Map.copyOf(environment);
        this.directory = directory;
        this.log = log;
        Files.deleteIfExists(log);
    }

    /** Starts the process and returns at once. */
    public void start() throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        process = builder.start();
        process.getOutputStream().close();
    }

    /**
     * Restores the default action of SIGINT if this JVM ignores it, as it does when a shell started
     * it in the background. A child process inherits ignored signals.
     */
    private static List<String> signalDefaults() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                boolean ignoresInterrupt = (ignored >> SIGINT - 1 & 1) == 1;
                return ignoresInterrupt
                        ? List.of("/usr/bin/env", "--default-signal=INT")
                        : List.of();
            }
        }
        return List.of();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** The exit code of a process that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGTERM, then SIGKILL after the limit. Returns the exit code. */
    public int stop(Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    /** Sends a signal by its name, for example INT. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Returns the exit code; fails with the output if the process does not end in time. */
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the image did not end within " + limit + ":\n" + output());
        }
        return process.exitValue();
    }

    public Path log() {
        return log;
    }

    /** Everything that the process has printed so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines that the process printed. */
    public List<String> lastLines(int count) {
        List<String> lines = output().lines().toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** The address of the HTTP endpoint; empty until the image has logged it. */
    public Optional<URI> http() {
        Matcher matcher = LISTENING.matcher(output());
        return matcher.find()
                ? Optional.of(URI.create("http://" + matcher.group(1)))
                : Optional.empty();
    }

    /** Sends GET to the HTTP endpoint. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            URI uri = http().orElseThrow(() -> new AssertionError(output())).resolve(path);
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Sends SIGKILL if the process still runs. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
