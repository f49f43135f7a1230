package loom.dispatch.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the Prometheus text format 0.0.4 strictly: everything that a scraper may reject is an
 * error.
 *
 * @param types the type of each family
 * @param samples the value of each sample, by its name and labels as written
 */
record StrictTextFormatReader(Map<String, String> types, Map<String, Double> samples) {
    private static final Pattern COMMENT =
            Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");
    private static final Set<String> TYPES =
            Set.of("counter", "gauge", "histogram", "summary", "untyped");

    static StrictTextFormatReader read(String text) {
        require(text.endsWith("\n"), "the last line has no newline");
        var read = new StrictTextFormatReader(new LinkedHashMap<>(), new LinkedHashMap<>());
        Set<String> closed = new HashSet<>();
        Map<String, String> helps = new HashMap<>();
        String family = "";
        for (String line : text.split("\n")) {
            Matcher comment = COMMENT.matcher(line);
            if (line.startsWith("#")) {
                require(comment.matches(), line);
                String name = comment.group(2);
                if (!name.equals(family)) {
                    closed.add(family);
                    require(!closed.contains(name), "family in two places: " + line);
                    family = name;
                }
                if (comment.group(1).equals("TYPE")) {
                    require(TYPES.contains(comment.group(3)), line);
                    require(read.types.put(name, comment.group(3)) == null, "twice: " + line);
                } else {
                    require(helps.put(name, comment.group(3)) == null, "twice: " + line);
                }
            } else {
                read.sample(line, family);
            }
        }
        read.checkHistograms();
        return read;
    }

    private void sample(String line, String family) {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), line);
        String name = sample.group(1);
        String type = types.getOrDefault(family, "none");
        boolean own =
                switch (type) {
                    case "histogram" -> name.matches(Pattern.quote(family) + "_(bucket|sum|count)");
                    case "summary" -> name.matches(Pattern.quote(family) + "(_sum|_count)?");
                    case "none" -> false;
                    default -> name.equals(family);
                };
        require(own, "not of family " + family + " (" + type + "): " + line);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        String key = labels.isEmpty() ? name : name + "{" + checked(labels, line) + "}";
        require(samples.put(key, number(sample.group(3))) == null, "sample twice: " + line);
    }

    private static String checked(String labels, String line) {
        Set<String> names = new HashSet<>();
        Matcher label = LABEL.matcher(labels);
        int at = 0;
        while (at < labels.length()) {
            require(label.find(at) && label.start() == at, line);
            require(names.add(label.group(1)), "label twice: " + line);
            at = label.end();
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                require(text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?"), text);
                yield Double.parseDouble(text);
            }
        };
    }

    private void checkHistograms() {
        types.forEach((name, type) -> {
            if (!type.equals("histogram")) {
                return;
            }
            TreeMap<Double, Double> buckets = new TreeMap<>();
            samples.forEach((key, value) -> {
                if (key.startsWith(name + "_bucket{le=\"")) {
                    buckets.put(number(key.split("\"")[1]), value);
                }
            });
            require(buckets.lastKey() == Double.POSITIVE_INFINITY, name + " without +Inf");
            require(
                    buckets.values().stream()
                            .sorted()
                            .toList()
                            .equals(buckets.values().stream().toList()),
                    name + " is not cumulative: " + buckets);
            require(
                    buckets.lastEntry().getValue().equals(samples.get(name + "_count")),
                    name + "_count differs from its last bucket");
        });
    }

    private static void require(boolean so, String what) {
        if (!so) {
            throw new AssertionError("not of the text format: " + what);
        }
    }
}
