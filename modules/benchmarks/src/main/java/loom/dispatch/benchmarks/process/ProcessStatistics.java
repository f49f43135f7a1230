package loom.dispatch.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What Linux tells about a process: the honest measure on a machine that others share. */
public final class ProcessStatistics {
    /** A tick is 10 ms on every Linux that there is. */
    private static final double SECONDS_PER_TICK = 0.01;

    private ProcessStatistics() {}

    /** Seconds of processor time, user and system, all threads. */
    public static double cpuSeconds(long pid) throws IOException {
        return cpuSeconds(Path.of("/proc/" + pid));
    }

    /** The same of the threads that live now and with such a name. */
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
        // the command's name may hold blanks; the fields behind its bracket begin with the third
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * SECONDS_PER_TICK;
    }

    /** Resident memory. */
    public static double residentMegabytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }

    /** Of the process among our descendants that runs that program; NaN if there is none. */
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
