package loom.dispatch.metrics.exposition;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.exporter.common.TextFormat;

import loom.dispatch.metrics.MetricFamily;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;

/**
 * Writes metric families in the Prometheus text format 0.0.4.
 *
 * <p>The client library's writer appends {@code _total} to every counter. The dashboards of
 * twilight-dispatch need the names without it, so the library writes only its own JVM metrics.
 */
public final class TextExposition {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringWriter out = new StringWriter();

    public void family(MetricFamily family) {
        head(family.name(), family.kind().name().toLowerCase(Locale.ROOT), family.help());
        for (MetricFamily.Sample sample : family.samples()) {
            out.append(family.name());
            labels(family.labels(), sample.labels());
            value(sample.value());
        }
    }

    /** Writes the HELP and TYPE lines of a family. */
    public void head(String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ');
        out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** Writes one bucket of a histogram. */
    public void bucket(String name, double bound, long count) {
        out.append(name).append("_bucket");
        labels(List.of("le"), List.of(number(bound)));
        value(count);
    }

    /** Writes a sample without labels. */
    public void plain(String name, double value) {
        out.append(name);
        value(value);
    }

    private void value(double value) {
        out.append(' ').append(number(value)).append('\n');
    }

    private void labels(List<String> names, List<String> values) {
        if (names.isEmpty()) {
            return;
        }
        char before = '{';
        for (int i = 0; i < names.size(); i++) {
            out.append(before).append(names.get(i)).append("=\"");
            out.append(escaped(values.get(i))).append('"');
            before = ',';
        }
        out.append('}');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Formats integers without a fraction or an exponent, so that people can read them. */
    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    public void registry(Enumeration<MetricFamilySamples> families) {
        try {
            TextFormat.write004(out, families);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not throw", e);
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
