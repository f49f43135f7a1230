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
 * All metrics of the process: what is counted here, what is asked for at each scrape, and the JVM's
 * own.
 *
 * <p>Safe for many threads.
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

    /** Begins with the first scrape: no start of the service waits for the JVM's beans. */
    private static final class OfTheJvm {
        static final CollectorRegistry REGISTRY = new CollectorRegistry();

        static {
            DefaultExports.register(REGISTRY);
        }
    }

    /** The counter of dispatch events. */
    public EventCounter events() {
        return events;
    }

    /** Asks this source at each scrape, on the scraping thread; it should not block. */
    public void add(Supplier<List<MetricFamily>> source) {
        sources.add(source);
    }

    /**
     * A histogram of durations, observed in nanoseconds and shown in seconds, from 250 µs to 60 s.
     *
     * @param name ends with {@code _seconds}
     */
    public Histogram timeHistogram(String name, String help) {
        return added(new Histogram(name, help, HistogramBuckets.time()));
    }

    /** A histogram of how many at once, in powers of two from 1 to 4,096. */
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
     * The exposition in Prometheus's text format 0.0.4. A source that fails, and a family whose
     * name was there before, are left out, counted and logged: one of them must not blind the rest.
     */
    public String exposition() {
        var text = new TextExposition();
        Set<String> names = new HashSet<>();
        for (Supplier<List<MetricFamily>> source : sources) {
            for (MetricFamily family : ask(source)) {
                if (names.add(family.name())) {
                    text.family(family);
                } else {
                    failed("family " + family.name() + " came twice");
                }
            }
        }
        for (Histogram histogram : histograms) {
            if (names.add(histogram.name())) {
                histogram.write(text);
            } else {
                failed("histogram " + histogram.name() + " came twice");
            }
        }
        text.family(
                MetricFamily.counter(
                        "metrics_source_failures",
                        "Sources of metrics that failed at a scrape, whose metrics are missing in"
                                + " it",
                        failures.sum()));
        text.registry(OfTheJvm.REGISTRY.metricFamilySamples());
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
