package loom.dispatch.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads a process's CPU time and memory from {@code /proc}. On a shared machine CPU time is more
 * reliable than wall time.
 */
public final class ProcessStatistics {
    /** USER_HZ is 100 on Linux. */
    private static final double SECONDS_PER_TICK = 0.01;

    private ProcessStatistics() {}

    /** Returns the CPU time in seconds, user and system, of all threads. */
    public static double cpuSeconds(long pid) throws IOException {
        return cpuSeconds(Path.of("/proc/" + pid));
    }

    /** Returns the CPU time of the live threads whose name matches. */
    public static double cpuSecondsOfThreads(long pid, Predicate<String> name) throws IOException {
        double sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                if (name.test(Files.readString(thread.resolve("comm")).strip())) {
                    sum += cpuSeconds(thread);
                }
            }
        }
        return sum;
    }

    private static double cpuSeconds(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        // The command name may contain spaces. The fields after its closing bracket start with the
        // third.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * SECONDS_PER_TICK;
    }

    /** Returns the resident memory. */
    public static double residentMegabytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }

    /**
     * Returns the CPU time of the descendant process that runs this program; NaN if there is none.
     */
    public static double cpuSecondsOfChild(String program) throws IOException {
        OptionalLong child =
                ProcessHandle.current()
                        .descendants()
                        .mapToLong(ProcessHandle::pid)
                        .filter(pid -> name(pid).equals(program))
                        .findFirst();
        return child.isPresent() ? cpuSeconds(child.getAsLong()) : Double.NaN;
    }

    private static String name(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }
}
