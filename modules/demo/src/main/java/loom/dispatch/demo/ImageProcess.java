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
 * The linked image as a child process, run as an operator would run it.
 *
 * <p>In a session of its own, so that Ctrl-C reaches the demo only and the image is stopped when
 * the queue has drained. Owned by the main thread.
 */
public final class ImageProcess {
    /** What a process that was killed with SIGKILL exits with. */
    static final int KILLED = 128 + 9;

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;
    private final Path directory;
    private final Path log;
    private Process process;

    /**
     * @param launcher the image's {@code bin/loom-dispatch}
     * @param environment its whole environment
     * @param directory where it runs, and looks for a {@code .env}
     * @param log gets what it prints, from its beginning
     */
    public ImageProcess(Path launcher, Map<String, String> environment, Path directory, Path log)
            throws IOException {
        if (Files.isExecutable(SETSID)) {
            // a child of ours leads no group, so setsid does not fork: the pid is the image's own
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

    /** Of an image that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, and SIGKILL after that time; answers the exit code. */
    public int terminate(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    /** The last lines that it printed. */
    List<String> lastLines(int count) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }
}
