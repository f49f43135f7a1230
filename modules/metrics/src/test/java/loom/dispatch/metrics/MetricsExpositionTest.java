package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tests the text of a scrape: its format, its values, and its completeness under concurrency. */
final class MetricsExpositionTest {
    private final Metrics metrics = new Metrics();

    private StrictTextFormatReader read() {
        return StrictTextFormatReader.read(metrics.exposition());
    }

    @Test
    void expositionFollowsTextFormat() {
        metrics.events().shard(0).increment("odd \"name\" \\ \n } of an event");
        metrics.add(() -> StatusMetrics.of(SampleSnapshots.well(3)));
        metrics.timeHistogram("loom_socket_to_confirm_seconds", "From socket to confirm")
                .observe(3_000_000);
        StrictTextFormatReader text = read();
        assertEquals("counter", text.types().get("gateway_events"));
        assertTrue(text.samples().containsKey("process_start_time_seconds"));
        assertTrue(text.samples().containsKey("jvm_threads_current"));
        assertTrue(text.samples().get("process_threads") > 1);
    }

    @Test
    void compatibleMetricsKeepNamesTypesAndLabels() {
        metrics.events().shard(1).increment("READY");
        metrics.add(() -> StatusMetrics.of(SampleSnapshots.well(2)));
        StrictTextFormatReader text = read();
        assertEquals(1, text.samples().get("gateway_events{type=\"READY\",shard=\"1\"}"));
        assertEquals(2, text.samples().get("gateway_shards"));
        assertEquals(40, text.samples().get("gateway_latencies{shard=\"0\"}"));
        assertEquals(2, text.samples().get("gateway_statuses{type=\"Connected\"}"));
        for (String none : List.of("Disconnected", "Handshaking", "Identifying", "Resuming")) {
            assertEquals(0, text.samples().get("gateway_statuses{type=\"" + none + "\"}"));
        }
        for (String kind :
                List.of(
                        "guilds",
                        "channels",
                        "messages",
                        "roles",
                        "emojis",
                        "members",
                        "presences",
                        "voices")) {
            assertEquals("gauge", text.types().get("state_" + kind));
        }
        assertEquals(100, text.samples().get("gateway_sequence_received{shard=\"0\"}"));
        assertEquals(99, text.samples().get("gateway_sequence_settled{shard=\"0\"}"));
        assertEquals("counter", text.types().get("broker_confirmed"));
    }

    @Test
    void histogramIsCumulativeWithInclusiveUpperBounds() {
        Histogram histogram = metrics.timeHistogram("wait_seconds", "Waits");
        for (long millis : new long[] {1, 5, 6, 120_000}) {
            histogram.observe(millis * 1_000_000);
        }
        Map<String, Double> samples = read().samples();
        assertEquals(1, samples.get("wait_seconds_bucket{le=\"0.001\"}"));
        assertEquals(2, samples.get("wait_seconds_bucket{le=\"0.005\"}"));
        assertEquals(3, samples.get("wait_seconds_bucket{le=\"0.01\"}"));
        assertEquals(3, samples.get("wait_seconds_bucket{le=\"60\"}"));
        assertEquals(4, samples.get("wait_seconds_bucket{le=\"+Inf\"}"));
        assertEquals(120.012, samples.get("wait_seconds_sum"));
        assertEquals(4, samples.get("wait_seconds_count"));
    }

    @Test
    void nonFiniteNumbersAreWrittenAsTextFormatRequires() {
        metrics.add(() ->
                List.of(
                        MetricFamily.gauge("a", "", Double.NaN),
                        MetricFamily.gauge("b", "", Double.POSITIVE_INFINITY),
                        MetricFamily.gauge("c", "", 1.5e300)));
        Map<String, Double> samples = read().samples();
        assertTrue(Double.isNaN(samples.get("a")));
        assertEquals(Double.POSITIVE_INFINITY, samples.get("b"));
        assertEquals(1.5e300, samples.get("c"));
    }

    @Test
    void failingSourceIsCountedAndOthersStayVisible() {
        metrics.add(() -> {
            throw new IllegalStateException("RabbitMQ is unavailable");
        });
        metrics.add(() -> List.of(MetricFamily.gauge("after", "", 7)));
        metrics.add(() -> List.of(MetricFamily.gauge("after", "", 8)));
        StrictTextFormatReader text = read();
        assertEquals(7, text.samples().get("after"));
        assertEquals(2, text.samples().get("metrics_source_failures"));
    }

    @Test
    void invalidMetricNamesAndLabelsAreRejected() {
        assertThrows(IllegalArgumentException.class, () -> MetricFamily.gauge("a-b", "", 1));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new MetricFamily(
                                "a", MetricFamily.Kind.GAUGE, "", List.of("__x"), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new MetricFamily(
                                "a",
                                MetricFamily.Kind.GAUGE,
                                "",
                                List.of("x"),
                                List.of(MetricFamily.Sample.of(1))));
    }

    @Test
    void concurrentScrapesLoseNoCounts() throws Exception {
        Histogram histogram = metrics.countHistogram("batch", "Batches");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            EventCounter.Shard shard = metrics.events().shard(i % 4);
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < 20_000; n++) {
                                    shard.increment("TYPE_" + n % 5);
                                    histogram.observe(n % 7);
                                }
                            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            assertFalse(read().samples().isEmpty());
        }
        StrictTextFormatReader text = read();
        assertEquals(16_000, text.samples().get("gateway_events{type=\"TYPE_3\",shard=\"2\"}"));
        assertEquals(16 * 20_000, metrics.events().total());
        assertEquals(16 * 20_000, text.samples().get("batch_count"));
    }
}
