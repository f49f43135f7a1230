package loom.dispatch.metrics;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A metric family as it is at one moment, under exactly the name that is given.
 *
 * @param name the family's name; a counter's gets no {@code _total}, for the predecessor's
 *     dashboards know none
 * @param kind counter or gauge
 * @param help one line
 * @param labels the label names, the same for all samples
 * @param samples its values
 */
public record MetricFamily(
        String name, Kind kind, String help, List<String> labels, List<Sample> samples) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");

    /** Refuses what Prometheus would refuse, with the whole scrape. */
    public MetricFamily {
        checkedName(name);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(name + ": no label name: " + label);
            }
        }
        for (Sample sample : samples) {
            if (sample.labels().size() != labels.size()) {
                throw new IllegalArgumentException(name + ": " + labels + " without a value each");
            }
        }
    }

    static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no metric name: " + name);
        }
        return name;
    }

    /** A gauge without labels. */
    public static MetricFamily gauge(String name, String help, double value) {
        return new MetricFamily(name, Kind.GAUGE, help, List.of(), List.of(Sample.of(value)));
    }

    /** A counter without labels. */
    public static MetricFamily counter(String name, String help, double value) {
        return new MetricFamily(name, Kind.COUNTER, help, List.of(), List.of(Sample.of(value)));
    }

    /** What the values mean over time. */
    public enum Kind {
        /** Only ever grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    /**
     * One value.
     *
     * @param labels the label values, as many as the family has label names
     */
    public record Sample(List<String> labels, double value) {
        /** A value with these label values. */
        public static Sample of(double value, Object... labels) {
            return new Sample(Stream.of(labels).map(String::valueOf).toList(), value);
        }
    }
}
