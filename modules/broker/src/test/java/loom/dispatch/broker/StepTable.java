package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The expected steps of a state machine, one line for each pair of a state and an event.
 *
 * <p>The format is {@code state + event => next state then actions}. A pair that is not in the
 * table must change nothing and do nothing.
 */
public final class StepTable {
    private final Map<String, String> expected;
    private final Set<String> seen = new TreeSet<>();
    private final Map<String, String> wrong = new TreeMap<>();

    private StepTable(Map<String, String> expected) {
        this.expected = expected;
    }

    /** Reads a resource beside the class. */
    public static StepTable read(Class<?> test, String name) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        try (var in = test.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] halves = line.split(" => ", 2);
                    expected.put(halves[0].strip(), halves[1].strip());
                }
            }
        }
        return new StepTable(expected);
    }

    /** Compares one step; "-" is a step that changes nothing and does nothing. */
    public void check(String state, String event, String actual) {
        String pair = state + " + " + event;
        seen.add(pair);
        if (!actual.equals(expected.getOrDefault(pair, "-"))) {
            wrong.put(pair, actual);
        }
    }

    /** Fails if a step differs from the table, or if the table has pairs that were not checked. */
    public void assertAllAsExpected(int pairs) {
        String lines =
                wrong.entrySet().stream()
                        .map(pair -> pair.getKey() + " => " + pair.getValue() + "\n")
                        .collect(Collectors.joining());
        assertEquals("", lines, "these pairs differ from the table");
        assertTrue(seen.containsAll(expected.keySet()), "the table names unknown pairs");
        assertEquals(pairs, seen.size());
    }

    /** Returns the text of records without the names of their fields and empty brackets. */
    public static String withoutFieldNames(String text) {
        return text.replaceAll("\\w+=|\\[\\]", "");
    }

    public static Set<String> kindsOf(Collection<?> values) {
        return values.stream()
                .map(value -> value.getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of the records that implement a sealed interface. */
    public static Set<String> kinds(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isInterface()) {
                names.addAll(kinds(permitted));
            } else {
                names.add(permitted.getSimpleName());
            }
        }
        return names;
    }
}
