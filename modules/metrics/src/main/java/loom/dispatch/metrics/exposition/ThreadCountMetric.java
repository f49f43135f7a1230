package loom.dispatch.metrics.exposition;

import loom.dispatch.metrics.MetricFamily;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The gauge {@code process_threads}: the number of operating system threads, without virtual
 * threads. The Prometheus client for Java does not have it; twilight-dispatch has.
 */
public final class ThreadCountMetric {
    private static final Path TASKS = Path.of("/proc/self/task");

    private ThreadCountMetric() {}

    /** Returns the gauge, or an empty list on a system without {@code /proc}. */
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
