package loom.dispatch.cache;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An object being put together from the fields of others. Values are never read: numbers, escapes
 * and unknown fields come out bit by bit as they went in.
 */
final class ObjectEdit {
    private final Map<String, Slice> fields = new LinkedHashMap<>();

    private ObjectEdit() {}

    /** Starts from nothing. */
    static ObjectEdit empty() {
        return new ObjectEdit();
    }

    /** Starts from an object, its fields in their order. */
    static ObjectEdit of(Fields base) {
        ObjectEdit edit = new ObjectEdit();
        return edit.merge(base);
    }

    /** Takes over every field of another object; a field that is null there is null here. */
    ObjectEdit merge(Fields patch) {
        for (int i = 0; i < patch.names().size(); i++) {
            fields.put(patch.names().get(i), patch.value(i));
        }
        return this;
    }

    ObjectEdit put(String name, Slice value) {
        fields.put(name, value);
        return this;
    }

    ObjectEdit put(String name, byte[] json) {
        return put(name, new Slice(json, 0, json.length));
    }

    ObjectEdit putIfAbsent(String name, byte[] json) {
        fields.putIfAbsent(name, new Slice(json, 0, json.length));
        return this;
    }

    ObjectEdit putIfAbsent(String name, Optional<Slice> value) {
        value.ifPresent(slice -> fields.putIfAbsent(name, slice));
        return this;
    }

    byte[] toBytes() {
        int size = 2;
        for (Map.Entry<String, Slice> field : fields.entrySet()) {
            size += field.getKey().length() + field.getValue().length() + 4;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        char before = '{';
        for (Map.Entry<String, Slice> field : fields.entrySet()) {
            Slice value = field.getValue();
            out.write(before);
            out.writeBytes(JsonText.quotedBytes(field.getKey()));
            out.write(':');
            out.write(value.json(), value.start(), value.length());
            before = ',';
        }
        if (before == '{') {
            out.write('{');
        }
        out.write('}');
        return out.toByteArray();
    }

    /** An array of values that are JSON already. */
    static byte[] array(Iterable<byte[]> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('[');
        for (byte[] value : values) {
            if (out.size() > 1) {
                out.write(',');
            }
            out.writeBytes(value);
        }
        out.write(']');
        return out.toByteArray();
    }

    /** An integer as JSON. */
    static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.UTF_8);
    }
}
