package loom.dispatch.benchmarks.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A histogram of the image, parsed from {@code /metrics}.
 *
 * @param uppers the upper bounds of its buckets in seconds, ascending; the last is infinite
 * @param counts the cumulative number of observations per bucket
 */
public record ImageHistogram(List<Double> uppers, List<Double> counts) {
    /** Parses the histogram with this name. Fails if there is none. */
    public static ImageHistogram of(String exposition, String name) {
        Matcher line =
                Pattern.compile("(?m)^" + name + "_bucket\\{le=\"([^\"]+)\"} (\\S+)$")
                        .matcher(exposition);
        List<Double> uppers = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        while (line.find()) {
            String upper = line.group(1);
            uppers.add(upper.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(upper));
            counts.add(Double.parseDouble(line.group(2)));
        }
        if (uppers.isEmpty()) {
            throw new IllegalStateException("the image tells no " + name);
        }
        return new ImageHistogram(uppers, counts);
    }

    /** Returns the observations since {@code start}. */
    public ImageHistogram since(ImageHistogram start) {
        List<Double> more = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            more.add(counts.get(i) - start.counts.get(i));
        }
        return new ImageHistogram(uppers, more);
    }

    /**
     * Returns a quantile in milliseconds, interpolated within its bucket as Prometheus does; NaN
     * without observations.
     *
     * @param quantile 0 to 1
     */
    public double millisAt(double quantile) {
        double rank = quantile * counts.getLast();
        double lower = 0;
        double below = 0;
        for (int i = 0; i < uppers.size() && counts.getLast() > 0; i++) {
            double upper = uppers.get(i);
            if (counts.get(i) >= rank) {
                return upper == Double.POSITIVE_INFINITY
                        ? 1e3 * lower
                        : 1e3
                                * (lower
                                        + (upper - lower)
                                                * (rank - below)
                                                / Math.max(1, counts.get(i) - below));
            }
            lower = upper;
            below = counts.get(i);
        }
        return Double.NaN;
    }
}
