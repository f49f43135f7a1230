package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.process.ImageHistogram;
import loom.dispatch.benchmarks.process.SchedulingDelays;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures the latency of events at a steady rate. It also prints the image's own histograms and
 * the scheduling delays of the machine.
 */
final class SteadyRateBench {
    private static final int SETTLE_SECONDS = 3;

    private final BenchSetup setup;
    private final TrafficSender sender;

    SteadyRateBench(BenchSetup setup, TrafficSender sender) {
        this.setup = setup;
        this.sender = sender;
    }

    /**
     * Latencies in milliseconds.
     *
     * @param all of all events
     * @param usualP99 the median of the p99 of each second, so that one disturbed second does not
     *     decide
     */
    record Latency(double p50, double p99, double p999, double usualP99) {
        static Latency of(List<Histogram> seconds) {
            Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
            seconds.forEach(all::add);
            double[] each = seconds.stream().mapToDouble(one -> millis(one, 99)).sorted().toArray();
            return new Latency(
                    millis(all, 50), millis(all, 99), millis(all, 99.9), each[each.length / 2]);
        }

        private static double millis(Histogram histogram, double percentile) {
            return histogram.getValueAtPercentile(percentile) / 1e6;
        }

        @Override
        public String toString() {
            return "p50 %.2f  p99 %.2f  p99.9 %.2f  p99 of the median second %.2f ms"
                    .formatted(p50, p99, p999, usualP99);
        }
    }

    /** Sends this many events per second and prints the latencies. */
    void measure(double perSecond, int seconds) throws IOException {
        sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
        List<Histogram> took = new ArrayList<>();
        List<Histogram> late = new ArrayList<>();
        int pauses = setup.image().pausesMillis().size();
        String before = setup.image().metrics();
        ProcessCosts.Own own = ProcessCosts.Own.of(setup.image().pid());
        try (var delays = new SchedulingDelays()) {
            setup.arrivals().takeLatencies();
            for (int second = 0; second < seconds; second++) {
                sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(1));
                took.add(setup.arrivals().takeLatencies());
                late.add(delays.take());
            }
        }
        long events = took.stream().mapToLong(Histogram::getTotalCount).sum();
        System.out.printf(
                """
                %8.0f/s  to the consumer  %s
                            scheduling delay %s
                            to the confirm   %s, in the broker %s
                            CPU us/event %s, longest GC pause %.1f ms
                """,
                (double) events / seconds,
                Latency.of(took),
                Latency.of(late),
                own("gateway_delivery_seconds", before),
                own("broker_confirm_seconds", before),
                ProcessCosts.Own.of(setup.image().pid()).since(own, events),
                setup.image().pausesMillis().stream()
                        .skip(pauses)
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(0));
    }

    private String own(String name, String before) throws IOException {
        ImageHistogram observed =
                ImageHistogram.of(setup.image().metrics(), name)
                        .since(ImageHistogram.of(before, name));
        return "p50 %.2f  p99 %.2f ms".formatted(observed.millisAt(0.5), observed.millisAt(0.99));
    }
}
