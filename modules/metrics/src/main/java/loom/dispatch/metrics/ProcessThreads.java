package loom.dispatch.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code process_threads}, which the predecessor's library has and the JVM's has not: the operating
 * system's threads, of which virtual threads are none.
 */
final class ProcessThreads {
    private static final Path TASKS = Path.of("/proc/self/task");

    private ProcessThreads() {}

    /** Nothing where the system has no {@code /proc}. */
    static List<Family> families() {
        if (!Files.isDirectory(TASKS)) {
            return List.of();
        }
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return List.of(
                    Family.gauge(
                            "process_threads",
                            "Number of OS threads in the process.",
                            tasks.count()));
        } catch (IOException e) {
            return List.of();
        }
    }
}
