package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares the image's metrics with those of twilight-dispatch and with the documentation. {@code
 * -Dmetrics=write} writes the documentation's table instead of comparing it.
 */
final class MetricsTest {
    private static final Path HANDBOOK = Path.of("../docs/metrics.md");
    private static final String HEAD = "| metric | type | what it is |\n|---|---|---|\n";
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");

    /**
     * The metrics of twilight-dispatch 0.4.6: src/metrics.rs and its library's process collector.
     */
    private static final Map<String, String> PREDECESSORS =
            Map.ofEntries(
                    Map.entry("gateway_events{type,shard}", "counter"),
                    Map.entry("gateway_shard_events{type}", "counter"),
                    Map.entry("gateway_guild_events{type}", "counter"),
                    Map.entry("gateway_shards", "gauge"),
                    Map.entry("gateway_statuses{type}", "gauge"),
                    Map.entry("gateway_latencies{shard}", "gauge"),
                    Map.entry("state_guilds", "gauge"),
                    Map.entry("state_channels", "gauge"),
                    Map.entry("state_messages", "gauge"),
                    Map.entry("state_roles", "gauge"),
                    Map.entry("state_emojis", "gauge"),
                    Map.entry("state_members", "gauge"),
                    Map.entry("state_presences", "gauge"),
                    Map.entry("state_voices", "gauge"),
                    Map.entry("process_cpu_seconds_total", "counter"),
                    Map.entry("process_open_fds", "gauge"),
                    Map.entry("process_max_fds", "gauge"),
                    Map.entry("process_virtual_memory_bytes", "gauge"),
                    Map.entry("process_resident_memory_bytes", "gauge"),
                    Map.entry("process_start_time_seconds", "gauge"),
                    Map.entry("process_threads", "gauge"));

    private static String exposition;
    private static SortedMap<String, Metric> metrics;

    /** A metric family with its labels in order. */
    private record Metric(String name, String type, String help, List<String> labels) {
        String signature() {
            return name + (labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}");
        }

        String row() {
            return "| `%s` | %s | %s |".formatted(signature(), type, help);
        }
    }

    /** Runs two of four shards, and loses one connection so that disconnects are counted. */
    @BeforeAll
    static void scrape(@TempDir Path spool) throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.startImage(Map.of("SPOOL_DIR", spool.toString(), "SHARDS_END", "1"));
            setup.await("ready", () -> setup.image().http().isPresent() && ready(setup));
            setup.simulator().faults().cut(shard -> shard == 0);
            setup.await("resumed", () -> scrape(setup).contains("gateway_resumes{cause=\"lost\"}"));
            setup.await("all again", () -> ready(setup));
            setup.await("sizes", () -> scrape(setup).contains("\nstate_guilds "));
            setup.await(
                    "a heartbeat's answer",
                    () -> scrape(setup).contains("\ngateway_last_ack_seconds{"));
            exposition = scrape(setup);
        }
        metrics = read(exposition);
    }

    private static boolean ready(ImageTestSetup setup) throws Exception {
        return setup.image().get("/readyz").statusCode() == 200;
    }

    private static String scrape(ImageTestSetup setup) throws Exception {
        return setup.image().get("/metrics").body();
    }

    private static SortedMap<String, Metric> read(String text) {
        SortedMap<String, Metric> found = new TreeMap<>();
        Matcher type = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(text);
        while (type.find()) {
            String name = type.group(1);
            // metrics of the JVM; some have no value before the first garbage collection
            if (!name.startsWith("jvm_")) {
                found.put(
                        name,
                        new Metric(name, type.group(2), help(text, name), labels(text, name)));
            }
        }
        return found;
    }

    private static String help(String text, String name) {
        Matcher help = Pattern.compile("(?m)^# HELP " + name + " (.*)$").matcher(text);
        assertTrue(help.find(), () -> name + " has no help");
        return help.group(1);
    }

    private static List<String> labels(String text, String name) {
        Matcher sample =
                Pattern.compile("(?m)^" + name + "(?:_bucket)?(?:\\{(.*)})? \\S+$").matcher(text);
        assertTrue(sample.find(), () -> name + " has no value");
        return sample.group(1) == null
                ? List.of()
                : LABEL.matcher(sample.group(1))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .toList();
    }

    @Test
    void hasTwilightDispatchsMetricsWithTypesAndLabels() {
        Map<String, String> shown =
                metrics.values().stream()
                        .collect(Collectors.toMap(Metric::signature, Metric::type));
        PREDECESSORS.forEach(
                (signature, type) -> assertEquals(type, shown.get(signature), signature));
        for (String type :
                "Ready Resumed Connected Connecting Disconnected Identifying Reconnecting Resuming"
                        .split(" ")) {
            assertShown("gateway_shard_events{type=\"" + type + "\"} ");
        }
        for (String type : List.of("Disconnected", "Handshaking", "Identifying", "Resuming")) {
            assertShown("gateway_statuses{type=\"" + type + "\"} 0\n");
        }
        assertShown("gateway_statuses{type=\"Connected\"} 2\n");
        assertShown("gateway_guild_events{type=\"Join\"} 0\n");
        assertShown("gateway_guild_events{type=\"Leave\"} 0\n");
        // only the shards of this process, because dashboards add up the processes
        assertShown("gateway_shards 2\n");
    }

    private static void assertShown(String line) {
        assertTrue(exposition.contains("\n" + line), () -> line + " is not in\n" + exposition);
    }

    @Test
    void documentationHasEveryMetricWithItsLabels() throws IOException {
        String table =
                metrics.values().stream()
                        .map(Metric::row)
                        .collect(Collectors.joining("\n", HEAD, "\n"));
        String handbook = Files.readString(HANDBOOK);
        int start = handbook.indexOf(HEAD);
        int end = handbook.indexOf("\n\n", start) + 1;
        if ("write".equals(System.getProperty("metrics"))) {
            handbook = handbook.substring(0, start) + table + handbook.substring(end);
            Files.writeString(HANDBOOK, handbook);
            end = start + table.length();
        }
        assertEquals(table, handbook.substring(start, end));
        assertShown("jvm_memory_bytes_used{");
    }
}
