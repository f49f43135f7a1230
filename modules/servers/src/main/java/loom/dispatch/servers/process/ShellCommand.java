package loom.dispatch.servers.process;

import loom.dispatch.servers.ServerFailure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a short program and returns its output. */
public final class ShellCommand {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private ShellCommand() {}

    /**
     * @param environment the whole environment of the program; if empty, the program inherits ours
     * @throws ServerFailure if the program cannot be started, fails, or runs for more than a minute
     */
    public static String run(List<String> line, Map<String, String> environment) {
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        if (!environment.isEmpty()) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        try {
            Process process = builder.start();
            Thread watchdog =
                    Thread.ofVirtual()
                            .start(() -> {
                                if (!endsInTime(process)) {
                                    process.destroyForcibly();
                                }
                            });
            String output;
            try (var in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            watchdog.join();
            if (process.waitFor() != 0) {
                throw new ServerFailure(line + " failed: " + process.exitValue() + "\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new ServerFailure(line + " cannot be run", e);
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    private static boolean endsInTime(Process process) {
        try {
            return process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
