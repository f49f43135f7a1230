package loom.dispatch.simulator.world;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and builds JSON trees of {@code Map}, {@code List}, {@code String}, {@code Number}, {@code
 * Boolean}, {@code null} (JSON null, which Discord tells apart from an absent key) and {@link Raw}.
 */
public final class Json {
    /** Finished JSON that is written as it is. */
    public record Raw(byte[] bytes) {}

    private Json() {}

    /** Parses any JSON value; {@code IOException} if it is none. */
    public static Object parse(byte[] bytes) throws IOException {
        return JSON.std.anyFrom(bytes);
    }

    /** Parses JSON that this module itself wrote, so that a failure is a defect of ours. */
    public static Map<String, Object> object(byte[] trusted) {
        try {
            return JSON.std.mapFrom(trusted);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }

    /** An object from alternating keys and values, in that order. */
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

    /** A copy that shares no mutable part with {@code tree}. */
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

    /** The object under {@code key}, which must be one. */
    public static Map<String, Object> child(Map<String, Object> parent, String key) {
        return typed((Map<?, ?>) parent.get(key));
    }

    /** The array under {@code key}, which must be one. */
    @SuppressWarnings("unchecked")
    public static List<Object> array(Map<String, Object> parent, String key) {
        return (List<Object>) parent.get(key);
    }

    /** The string under {@code key}; {@code "null"} for JSON null. */
    public static String text(Map<String, Object> parent, String key) {
        return String.valueOf(parent.get(key));
    }

    /** Every object here was parsed or built with string keys. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> typed(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
