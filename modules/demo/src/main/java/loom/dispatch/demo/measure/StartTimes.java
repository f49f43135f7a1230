package loom.dispatch.demo.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The measured starts of one image. Its results are medians. Owned by one thread. */
final class StartTimes {
    private final List<Long> identifyMillis = new ArrayList<>();
    private final List<Long> processorMillis = new ArrayList<>();
    private final List<Long> residentMegabytes = new ArrayList<>();

    /** Adds the time from the start to the first IDENTIFY and the CPU time used until then. */
    void identified(long millis, long processor) {
        identifyMillis.add(millis);
        processorMillis.add(processor);
    }

    /** Adds the resident memory with all shards ready. */
    void resident(long megabytes) {
        residentMegabytes.add(megabytes);
    }

    /** Returns the result lines. */
    String text() {
        String text =
                """
                start to first IDENTIFY  %s ms, %s to %s
                CPU until then           %s ms
                """
                        .formatted(
                                median(identifyMillis),
                                Collections.min(identifyMillis),
                                Collections.max(identifyMillis),
                                median(processorMillis));
        return residentMegabytes.isEmpty()
                ? text
                : text + "RSS, all shards ready    " + median(residentMegabytes) + " MB\n";
    }

    /** Compares the medians with those of another image. */
    String ratios(StartTimes other) {
        return "start to first IDENTIFY x %.2f, CPU x %.2f"
                .formatted(
                        (double) median(identifyMillis) / median(other.identifyMillis),
                        (double) median(processorMillis) / median(other.processorMillis));
    }

    static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
