package loom.dispatch.metrics.exposition;

import loom.dispatch.metrics.MetricFamily;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code process_threads}, which the predecessor's library has and the JVM's has not: the operating
 * system's threads, of which virtual threads are none.
 */
public final class ThreadCountMetric {
    private static final Path TASKS = Path.of("/proc/self/task");

    private ThreadCountMetric() {}

    /** Nothing where the system has no {@code /proc}. */
    public static List<MetricFamily> families() {
        if (!Files.isDirectory(TASKS)) {
            return List.of();
        }
        try (Stream<Path> tasks = Files.list(TASKS)) {
            return List.of(
                    MetricFamily.gauge(
                            "process_threads",
                            "Number of OS threads in the process.",
                            tasks.count()));
        } catch (IOException e) {
            return List.of();
        }
    }
}
