package loom.dispatch.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the linked image as a child process.
 *
 * <p>The process has its own session, so Ctrl-C reaches only the demo. The demo stops the image
 * after the queue has drained. Used by the main thread only.
 */
public final class ImageProcess {
    /** The exit code of a process that SIGKILL ended. */
    static final int KILLED = 128 + 9;

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;
    private final Path directory;
    private final Path log;
    private Process process;

    /**
     * @param launcher the image's {@code bin/loom-dispatch}
     * @param environment the complete environment
     * @param directory the working directory, where the image looks for {@code .env}
     * @param log the file for its output; an existing one is deleted
     */
    public ImageProcess(Path launcher, Map<String, String> environment, Path directory, Path log)
            throws IOException {
        if (Files.isExecutable(SETSID)) {
            // The child does not lead a process group, so setsid does not fork: its pid is the
            // image's pid.
            command.add(SETSID.toString());
        }
        command.add(launcher.toString());
        this.environment = Map.copyOf(environment);
        this.directory = directory;
        this.log = log;
        Files.deleteIfExists(log);
    }

    public void start() throws IOException {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        process = builder.start();
        process.getOutputStream().close();
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    Path log() {
        return log;
    }

    /** Returns the exit code of an image that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Sends SIGTERM, and SIGKILL after {@code patience}. Returns the exit code. */
    public int terminate(Duration timeout) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    /** Returns the last lines of its output. */
    List<String> lastLines(int count) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }
}
