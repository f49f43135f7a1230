package loom.dispatch.simulator.world;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and builds JSON trees of {@code Map}, {@code List}, {@code String}, {@code Number}, {@code
 * Boolean}, {@link Raw} and {@code null}. A {@code null} is JSON null, which differs from an absent
 * key.
 */
public final class Json {
    /** Encoded JSON that is written unchanged. */
    public record Raw(byte[] bytes) {}

    private Json() {}

    /**
     * Parses any JSON value.
     *
     * @throws IOException if the bytes are not JSON
     */
    public static Object parse(byte[] bytes) throws IOException {
        return JSON.std.anyFrom(bytes);
    }

    /** Parses JSON that this module wrote. A failure is a defect of the simulator. */
    public static Map<String, Object> object(byte[] trusted) {
        try {
            return JSON.std.mapFrom(trusted);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }

    /** Returns an object from alternating keys and values, in that order. */
    public static Map<String, Object> of(Object... keysAndValues) {
        Map<String, Object> map = LinkedHashMap.newLinkedHashMap(keysAndValues.length / 2);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    public static byte[] bytes(Object tree) {
        return new JsonWriter(512).value(tree).toBytes();
    }

    /** Returns a copy that shares no mutable part with {@code tree}. */
    public static Map<String, Object> copy(Map<String, Object> tree) {
        Map<String, Object> copy = LinkedHashMap.newLinkedHashMap(tree.size());
        tree.forEach((key, value) -> copy.put(key, copyValue(value)));
        return copy;
    }

    private static Object copyValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(typed(map));
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(each -> copy.add(copyValue(each)));
            return copy;
        }
        return value;
    }

    /** Returns the object under {@code key}, which must be an object. */
    public static Map<String, Object> child(Map<String, Object> parent, String key) {
        return typed((Map<?, ?>) parent.get(key));
    }

    /** Returns the array under {@code key}, which must be an array. */
    @SuppressWarnings("unchecked")
    public static List<Object> array(Map<String, Object> parent, String key) {
        return (List<Object>) parent.get(key);
    }

    /** Returns the value under {@code key} as text; {@code "null"} for JSON null. */
    public static String text(Map<String, Object> parent, String key) {
        return String.valueOf(parent.get(key));
    }

    /** The cast is safe: every object was parsed or built with string keys. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
