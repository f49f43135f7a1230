package loom.dispatch.image.support;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Parses JSON into maps and lists, and compares two such trees. */
public final class JsonTrees {
    private JsonTrees() {}

    public static Map<String, Object> of(String json) {
        try {
            return JSON.std.mapFrom(json);
        } catch (IOException broken) {
            throw new UncheckedIOException(json, broken);
        }
    }

    /** Lists the paths at which the actual tree lacks a value of the expected tree. */
    public static List<String> faults(String place, Object expected, Object actual) {
        List<String> faults = new ArrayList<>();
        if (expected instanceof Map<?, ?> fields && actual instanceof Map<?, ?> seen) {
            fields.forEach((name, value) ->
                    faults.addAll(faults(place + "." + name, value, seen.get(name))));
        } else if (!Objects.equals(expected, actual)) {
            faults.add("%s is %s, not %s".formatted(place, actual, expected));
        }
        return faults;
    }
}
