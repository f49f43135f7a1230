package loom.dispatch.metrics;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The samples of one metric family at one moment.
 *
 * @param name the exposed name; a counter gets no suffix {@code _total}, because the dashboards of
 *     twilight-dispatch use the plain name
 * @param kind counter or gauge
 * @param help the help text, one line
 * @param labels the label names of every sample
 * @param samples the values
 */
public record MetricFamily(
        String name, Kind kind, String help, List<String> labels, List<Sample> samples) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]*");

    /** Checks the names, because one invalid name makes Prometheus reject the whole scrape. */
    public MetricFamily {
        checkedName(name);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(name + ": invalid label name: " + label);
            }
        }
        for (Sample sample : samples) {
            if (sample.labels().size() != labels.size()) {
                throw new IllegalArgumentException(
                        name + ": a sample needs one value for each of the labels " + labels);
            }
        }
    }

    static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("invalid metric name: " + name);
        }
        return name;
    }

    /** Returns a gauge without labels. */
    public static MetricFamily gauge(String name, String help, double value) {
        return new MetricFamily(name, Kind.GAUGE, help, List.of(), List.of(Sample.of(value)));
    }

    /** Returns a counter without labels. */
    public static MetricFamily counter(String name, String help, double value) {
        return new MetricFamily(name, Kind.COUNTER, help, List.of(), List.of(Sample.of(value)));
    }

    /** The metric types that sources may supply. */
    public enum Kind {
        /** A value that only grows. */
        COUNTER,
        /** A value that may grow and shrink. */
        GAUGE
    }

    /**
     * One value of a family.
     *
     * @param labels the label values, in the order of the family's label names
     * @param value the value
     */
    public record Sample(List<String> labels, double value) {
        /** Returns a sample with these label values. */
        public static Sample of(double value, Object... labels) {
            return new Sample(Stream.of(labels).map(String::valueOf).toList(), value);
        }
    }
}
