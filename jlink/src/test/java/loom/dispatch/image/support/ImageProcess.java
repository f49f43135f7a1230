package loom.dispatch.image.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the linked image as a child process with only the given environment variables. */
public final class ImageProcess implements AutoCloseable {
    public static final Path IMAGE = Path.of(System.getProperty("image"));

    private static final Pattern LISTENING = Pattern.compile("http\\.listening address=(\\S+)");

    private final Process process;
    private final Path log;

    private ImageProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the image through its launcher. */
    public static ImageProcess start(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(IMAGE.resolve("bin/loom-dispatch").toString());
        command.addAll(List.of(arguments));
        Map<String, String> variables = new HashMap<>(environment);
        // the launcher needs readlink
        variables.putIfAbsent("PATH", "/usr/bin:/bin");
        return of(command, variables);
    }

    /** Starts the image in a folder that can contain a {@code .env} file. */
    public static ImageProcess startIn(Path folder, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("PATH", "/usr/bin:/bin");
        return of(folder, List.of(IMAGE.resolve("bin/loom-dispatch").toString()), variables);
    }

    /** Starts a command with only these environment variables. */
    public static ImageProcess of(List<String> command, Map<String, String> environment) {
        try {
            return of(Files.createTempDirectory("image-test"), command, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImageProcess of(
            Path folder, List<String> command, Map<String, String> environment) {
        try {
            Path log = folder.resolve("log");
            List<String> withSignals = new ArrayList<>(signalDefaults());
            withSignals.addAll(command);
            var builder =
                    new ProcessBuilder(withSignals)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new ImageProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns a prefix for the command that resets SIGINT. A shell starts background jobs with
     * SIGINT ignored, and child processes inherit this.
     */
    private static List<String> signalDefaults() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                boolean interrupt = (ignored >> 2 - 1 & 1) == 1;
                return interrupt ? List.of("/usr/bin/env", "--default-signal=INT") : List.of();
            }
        }
        return List.of();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends a signal by its name, for example INT. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Waits for the exit code; fails with the log if the process does not end. */
    public int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the image did not exit:\n" + output());
        }
        return process.exitValue();
    }

    /** Returns what the process printed until now. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the stack traces of the service's platform and virtual threads, for a failed test.
     */
    String threads() {
        try {
            Path dump = log.resolveSibling("threads");
            Files.deleteIfExists(dump);
            new ProcessBuilder(
                            IMAGE.resolve("bin/jcmd").toString(),
                            Long.toString(process.pid()),
                            "Thread.dump_to_file",
                            dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
            if (!Files.exists(dump)) {
                return "threads: " + (isRunning() ? "jcmd did not answer" : "the image has exited");
            }
            return Stream.of(Files.readString(dump).split("\n\n"))
                    .filter(thread -> thread.contains("/loom.dispatch."))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the HTTP address, as soon as the image logged it. */
    public Optional<URI> http() {
        Matcher matcher = LISTENING.matcher(output());
        return matcher.find()
                ? Optional.of(URI.create("http://" + matcher.group(1)))
                : Optional.empty();
    }

    /** Sends a GET request to the image. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            URI uri = http().orElseThrow(() -> new AssertionError(output())).resolve(path);
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
