package loom.dispatch.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;

import loom.dispatch.metrics.exposition.HistogramBuckets;
import loom.dispatch.metrics.exposition.TextExposition;
import loom.dispatch.metrics.exposition.ThreadCountMetric;
import loom.dispatch.runtime.EventLog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The registry of all metrics of the process: counters and histograms, sources that are queried at
 * each scrape, and JVM metrics.
 *
 * <p>Thread-safe.
 */
public final class Metrics {
    private static final EventLog LOG = new EventLog("loom.dispatch.metrics");

    private final EventCounter events = new EventCounter();
    private final List<Histogram> histograms = new CopyOnWriteArrayList<>();
    private final List<Supplier<List<MetricFamily>>> sources = new CopyOnWriteArrayList<>();
    private final LongAdder failures = new LongAdder();

    public Metrics() {
        sources.add(this::eventFamily);
        sources.add(ThreadCountMetric::families);
    }

    /** Loaded at the first scrape, so that the start of the service does not wait for MX beans. */
    private static final class JvmMetrics {
        static final CollectorRegistry REGISTRY = new CollectorRegistry();

        static {
            DefaultExports.register(REGISTRY);
        }
    }

    /** Returns the counter of dispatch events. */
    public EventCounter events() {
        return events;
    }

    /** Adds a source. The thread of each scrape calls it; it must not block. */
    public void add(Supplier<List<MetricFamily>> source) {
        sources.add(source);
    }

    /**
     * Adds a histogram of durations, observed in nanoseconds and exposed in seconds, with buckets
     * from 250 µs to 60 s.
     *
     * @param name ends with {@code _seconds}
     */
    public Histogram timeHistogram(String name, String help) {
        return added(new Histogram(name, help, HistogramBuckets.time()));
    }

    /** Adds a histogram of counts, with buckets at the powers of two from 1 to 4,096. */
    public Histogram countHistogram(String name, String help) {
        return added(new Histogram(name, help, HistogramBuckets.count()));
    }

    private Histogram added(Histogram histogram) {
        histograms.add(histogram);
        return histogram;
    }

    private List<MetricFamily> eventFamily() {
        List<MetricFamily.Sample> samples = new ArrayList<>();
        events.forEach(
                (labels, count) -> samples.add(new MetricFamily.Sample(List.of(labels), count)));
        return List.of(
                new MetricFamily(
                        "gateway_events",
                        MetricFamily.Kind.COUNTER,
                        "Dispatch events received from Discord",
                        List.of("type", "shard"),
                        samples));
    }

    /**
     * Returns all metrics in the Prometheus text format 0.0.4. Omits, counts and logs a source that
     * throws and a family with a duplicate name, so that the other metrics stay visible.
     */
    public String exposition() {
        var text = new TextExposition();
        Set<String> names = new HashSet<>();
        for (Supplier<List<MetricFamily>> source : sources) {
            for (MetricFamily family : ask(source)) {
                if (names.add(family.name())) {
                    text.family(family);
                } else {
                    failed("family " + family.name() + " has a duplicate name");
                }
            }
        }
        for (Histogram histogram : histograms) {
            if (names.add(histogram.name())) {
                histogram.write(text);
            } else {
                failed("histogram " + histogram.name() + " has a duplicate name");
            }
        }
        text.family(
                MetricFamily.counter(
                        "metrics_source_failures",
                        "Sources of metrics that failed at a scrape, whose metrics are missing in"
                                + " it",
                        failures.sum()));
        text.registry(JvmMetrics.REGISTRY.metricFamilySamples());
        return text.toString();
    }

    private List<MetricFamily> ask(Supplier<List<MetricFamily>> source) {
        try {
            return source.get();
        } catch (RuntimeException e) {
            failed(e.toString());
            return List.of();
        }
    }

    private void failed(String reason) {
        failures.increment();
        LOG.write(MetricsLogEvents.METRICS_SOURCE_FAILED, reason);
    }
}
