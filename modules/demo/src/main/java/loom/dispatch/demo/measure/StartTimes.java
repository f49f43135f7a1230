package loom.dispatch.demo.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the starts of one image took; its figures are medians. Owned by one thread. */
final class StartTimes {
    private final List<Long> identifyMillis = new ArrayList<>();
    private final List<Long> processorMillis = new ArrayList<>();
    private final List<Long> residentMegabytes = new ArrayList<>();

    /** From its start until Discord had the first IDENTIFY, and the CPU that it had till then. */
    void identified(long millis, long processor) {
        identifyMillis.add(millis);
        processorMillis.add(processor);
    }

    /** With all shards ready. */
    void resident(long megabytes) {
        residentMegabytes.add(megabytes);
    }

    /** Its lines. */
    String text() {
        String text =
                """
                start to first IDENTIFY  %s ms, %s to %s
                CPU till then            %s ms
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

    /** How it compares with another image that was started in turn with it. */
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
