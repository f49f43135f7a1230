package loom.dispatch.cache.model;

import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Builds a JSON object from the fields of others. It copies values byte for byte and never parses
 * them, so numbers, escapes and unknown fields stay as they were. For use by one thread.
 */
public final class JsonObjectEditor {
    private static final byte[] NOTHING = {'{', '}'};

    private final JsonObject base;

    /** The replaced values by field index; null where the value of the base stays. */
    private final JsonValue[] replaced;

    private boolean anyReplaced;
    private final List<JsonValue> addedNames = new ArrayList<>();
    private final List<JsonValue> addedValues = new ArrayList<>();

    private JsonObjectEditor(JsonObject base) {
        this.base = base;
        this.replaced = new JsonValue[base.size()];
    }

    /** Starts with an empty object. */
    public static JsonObjectEditor empty() {
        return of(JsonObject.of(NOTHING));
    }

    /** Starts with a copy of an object and keeps the order of its fields. */
    public static JsonObjectEditor of(JsonObject base) {
        return new JsonObjectEditor(base);
    }

    /** Sets every field of another object. A null there becomes a null here. */
    public JsonObjectEditor merge(JsonObject patch) {
        for (int i = 0; i < patch.size(); i++) {
            put(patch.name(i), patch.value(i));
        }
        return this;
    }

    public JsonObjectEditor put(String name, JsonValue value) {
        int place = base.indexOf(name);
        if (place >= 0) {
            replaced[place] = value;
            anyReplaced = true;
            return this;
        }
        JsonValue quoted = quoted(name);
        int added = addedNames.indexOf(quoted);
        if (added >= 0) {
            addedValues.set(added, value);
        } else {
            addedNames.add(quoted);
            addedValues.add(value);
        }
        return this;
    }

    public JsonObjectEditor put(String name, byte[] json) {
        return put(name, new JsonValue(json, 0, json.length));
    }

    public JsonObjectEditor putIfAbsent(String name, byte[] json) {
        return has(name) ? this : put(name, json);
    }

    public JsonObjectEditor putIfAbsent(String name, Optional<JsonValue> value) {
        return value.isEmpty() || has(name) ? this : put(name, value.get());
    }

    public byte[] toBytes() {
        if (!anyReplaced && addedNames.isEmpty()) {
            return base.asValue().toBytes();
        }
        Output out = new Output(size());
        if (anyReplaced) {
            for (int i = 0; i < replaced.length; i++) {
                out.separator();
                if (replaced[i] == null) {
                    out.write(base.field(i));
                } else {
                    out.field(base.quotedName(i), replaced[i]);
                }
            }
        } else if (base.size() > 0) {
            JsonValue all = base.asValue();
            out.separator();
            out.write(new JsonValue(all.json(), all.start() + 1, all.end() - 1));
        }
        for (int i = 0; i < addedNames.size(); i++) {
            out.separator();
            out.field(addedNames.get(i), addedValues.get(i));
        }
        return out.end();
    }

    public boolean has(String name) {
        return base.indexOf(name) >= 0
                || !addedNames.isEmpty() && addedNames.contains(quoted(name));
    }

    /** Returns an upper bound of the result's size in bytes. */
    private int size() {
        int size = 2 + base.asValue().length();
        for (JsonValue value : replaced) {
            size += value == null ? 0 : value.length();
        }
        for (int i = 0; i < addedNames.size(); i++) {
            size += addedNames.get(i).length() + addedValues.get(i).length() + 2;
        }
        return size;
    }

    private static JsonValue quoted(String name) {
        byte[] json = JsonStrings.quoteToBytes(name);
        return new JsonValue(json, 0, json.length);
    }

    /** Returns a JSON array of JSON values. */
    public static byte[] array(Iterable<byte[]> values) {
        int size = 2;
        for (byte[] value : values) {
            size += value.length + 1;
        }
        Output out = new Output(size);
        for (byte[] value : values) {
            out.separator();
            out.write(new JsonValue(value, 0, value.length));
        }
        byte[] json = out.end();
        json[0] = '[';
        json[json.length - 1] = ']';
        return json;
    }

    /** Returns an integer as JSON. */
    public static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.UTF_8);
    }

    /** Collects the bytes of an object. */
    private static final class Output {
        private final byte[] bytes;
        private int length;

        Output(int most) {
            bytes = new byte[most];
        }

        void separator() {
            bytes[length] = (byte) (length == 0 ? '{' : ',');
            length++;
        }

        void field(JsonValue name, JsonValue value) {
            write(name);
            bytes[length++] = ':';
            write(value);
        }

        void write(JsonValue value) {
            System.arraycopy(value.json(), value.start(), bytes, length, value.length());
            length += value.length();
        }

        byte[] end() {
            if (length == 0) {
                separator();
            }
            bytes[length++] = '}';
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }
}
