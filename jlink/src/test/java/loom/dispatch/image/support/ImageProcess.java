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

/**
 * The linked image as a child process, with nothing in its environment but what a test gives it.
 */
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
        // readlink for the launcher; there is no java in it
        variables.putIfAbsent("PATH", "/usr/bin:/bin");
        return of(command, variables);
    }

    /** Starts the image in this folder, where a .env may lie. */
    public static ImageProcess startIn(Path folder, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("PATH", "/usr/bin:/bin");
        return of(folder, List.of(IMAGE.resolve("bin/loom-dispatch").toString()), variables);
    }

    /** Starts it, or another program, by this command, and with this environment alone. */
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
            List<String> words = new ArrayList<>(signalDefaults());
            words.addAll(command);
            var builder =
                    new ProcessBuilder(words)
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
     * A suite that a shell runs in the background ignores SIGINT, and what is ignored is inherited:
     * then env gives the image the usual disposition back, and execs.
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

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** A signal by its name, for example INT. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** The exit code; fails with the log if the process goes on. */
    public int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the image did not end:\n" + output());
        }
        return process.exitValue();
    }

    /** Everything it printed so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its threads do, virtual ones too, as far as they are ours; for a test that fails. */
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
                return "threads: " + (isRunning() ? "no answer" : "the image has ended");
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

    /** Where it listens for HTTP, once it does. */
    public Optional<URI> http() {
        Matcher matcher = LISTENING.matcher(output());
        return matcher.find()
                ? Optional.of(URI.create("http://" + matcher.group(1)))
                : Optional.empty();
    }

    /** GET on its HTTP side. */
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
