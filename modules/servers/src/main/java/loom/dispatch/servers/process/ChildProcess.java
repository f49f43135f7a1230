package loom.dispatch.servers.process;

import loom.dispatch.servers.ServerFailure;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a server program as a child process and sends signals to it.
 *
 * <p>The process has its own session: Ctrl-C on the terminal reaches only the owner, which then
 * stops the server. The owner's thread writes the field {@code process}; the shutdown hook reads
 * it.
 */
public final class ChildProcess {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final TemporaryDirectory directory;
    private volatile Process process;

    /**
     * @param environment the whole environment of the program
     * @param directory the working directory; the output goes to {@code NAME.log} in it
     */
    public ChildProcess(
            String name,
            List<String> command,
            Map<String, String> environment,
            TemporaryDirectory directory) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.directory = directory;
    }

    public boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Starts the program and waits until it is ready. */
    public void start(BooleanSupplier ready, Duration limit) {
        if (isRunning()) {
            throw new ServerFailure(name + " already runs");
        }
        Process started = launch();
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (started.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ServerFailure(
                            name + " ended with " + started.exitValue() + "\n" + log());
                }
                if (System.nanoTime() > deadlineNanos) {
                    kill();
                    throw new ServerFailure(name + " was not ready after " + limit + "\n" + log());
                }
            }
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    /**
     * Prepends setsid to a command, so that Ctrl-C on the terminal does not reach the child. Setsid
     * does not fork here, because a child of a JVM leads no process group: the pid stays the same.
     */
    public static List<String> inNewSession(List<String> command) {
        List<String> line = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(command);
        return line;
    }

    private Process launch() {
        List<String> line = inNewSession(command);
        var builder = new ProcessBuilder(line).directory(directory.path().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Path log = directory.resolve(name + ".log");
        builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        try {
            process = builder.start();
            return process;
        } catch (IOException e) {
            throw new ServerFailure(name + " cannot be started: " + line, e);
        }
    }

    /** Sends SIGKILL to the process and its children. */
    public void kill() {
        Process current = process;
        if (current == null) {
            return;
        }
        List<ProcessHandle> children = current.descendants().toList();
        current.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        await(current, KILL_LIMIT);
    }

    /** Sends SIGTERM. Sends SIGKILL and fails if the process runs 30 seconds longer. */
    public void stop() {
        Process current = process;
        if (current == null) {
            return;
        }
        current.destroy();
        await(current, STOP_LIMIT);
    }

    /** Writes a line to the program's standard input. Thread-safe. */
    public void writeLine(String line) {
        try {
            var in = process.getOutputStream();
            synchronized (in) { // keeps the bytes of two lines apart
                in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                in.flush();
            }
        } catch (IOException e) {
            throw new ServerFailure(name + " does not read its standard input", e);
        }
    }

    /** Sends SIGSTOP. */
    public void pause() {
        signal("-STOP");
    }

    /** Sends SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    /** The last lines that the program printed. */
    public String log() {
        return directory.tail(name + ".log");
    }

    private void await(Process ending, Duration limit) {
        try {
            if (!ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                ending.destroyForcibly();
                throw new ServerFailure(name + " had not ended after " + limit + "\n" + log());
            }
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    private void signal(String signal) {
        if (!isRunning()) {
            throw new ServerFailure(name + " does not run");
        }
        ShellCommand.run(List.of("kill", signal, Long.toString(process.pid())), Map.of());
    }
}
