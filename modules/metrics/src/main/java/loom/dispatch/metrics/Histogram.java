package loom.dispatch.metrics;

import loom.dispatch.metrics.exposition.HistogramBuckets;
import loom.dispatch.metrics.exposition.TextExposition;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts observed values in buckets.
 *
 * <p>Thread-safe. An observation adds to two {@link LongAdder}s and allocates nothing.
 */
public final class Histogram {
    private final String name;
    private final String help;
    private final HistogramBuckets buckets;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    Histogram(String name, String help, HistogramBuckets buckets) {
        this.name = MetricFamily.checkedName(name);
        this.help = help;
        this.buckets = buckets;
        counts = new LongAdder[buckets.upper().length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Observes a value: nanoseconds for a time histogram, a count for a count histogram. */
    public void observe(long value) {
        long[] upper = buckets.upper();
        int bucket = 0;
        while (bucket < upper.length && value > upper[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(value);
    }

    /** Writes cumulative buckets, as the text format requires; the last one equals the count. */
    void write(TextExposition out) {
        out.head(name, "histogram", help);
        long cumulative = 0;
        for (int i = 0; i < counts.length; i++) {
            cumulative += counts[i].sum();
            double bound =
                    i < buckets.upper().length
                            ? buckets.upper()[i] / buckets.divisor()
                            : Double.POSITIVE_INFINITY;
            out.bucket(name, bound, cumulative);
        }
        out.plain(name + "_sum", sum.sum() / buckets.divisor());
        out.plain(name + "_count", cumulative);
    }

    String name() {
        return name;
    }
}
