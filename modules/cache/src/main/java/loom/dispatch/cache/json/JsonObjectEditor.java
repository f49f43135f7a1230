package loom.dispatch.cache.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An object being put together from the fields of others. Values are never read: numbers, escapes
 * and unknown fields come out bit by bit as they went in. What nobody changes is copied as it is.
 */
public final class JsonObjectEditor {
    private static final byte[] NOTHING = {'{', '}'};

    private final JsonObject base;

    /** Values in place of the base's, by place; null where the base's stays. */
    private final JsonSlice[] replaced;

    private boolean anyReplaced;
    private final List<JsonSlice> addedNames = new ArrayList<>();
    private final List<JsonSlice> addedValues = new ArrayList<>();

    private JsonObjectEditor(JsonObject base) {
        this.base = base;
        this.replaced = new JsonSlice[base.size()];
    }

    /** Starts from nothing. */
    public static JsonObjectEditor empty() {
        return of(JsonObject.of(NOTHING));
    }

    /** Starts from an object, its fields in their order. */
    public static JsonObjectEditor of(JsonObject base) {
        return new JsonObjectEditor(base);
    }

    /** Takes over every field of another object; a field that is null there is null here. */
    public JsonObjectEditor merge(JsonObject patch) {
        for (int i = 0; i < patch.size(); i++) {
            put(patch.name(i), patch.value(i));
        }
        return this;
    }

    public JsonObjectEditor put(String name, JsonSlice value) {
        int place = base.indexOf(name);
        if (place >= 0) {
            replaced[place] = value;
            anyReplaced = true;
            return this;
        }
        JsonSlice quoted = quoted(name);
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
        return put(name, new JsonSlice(json, 0, json.length));
    }

    public JsonObjectEditor putIfAbsent(String name, byte[] json) {
        return has(name) ? this : put(name, json);
    }

    public JsonObjectEditor putIfAbsent(String name, Optional<JsonSlice> value) {
        return value.isEmpty() || has(name) ? this : put(name, value.get());
    }

    public byte[] toBytes() {
        if (!anyReplaced && addedNames.isEmpty()) {
            return base.object().toBytes();
        }
        Output out = new Output(size());
        if (anyReplaced) {
            for (int i = 0; i < replaced.length; i++) {
                out.separator();
                if (replaced[i] == null) {
                    out.write(base.field(i));
                } else {
                    out.field(base.nameOf(i), replaced[i]);
                }
            }
        } else if (base.size() > 0) {
            JsonSlice all = base.object();
            out.separator();
            out.write(new JsonSlice(all.json(), all.start() + 1, all.end() - 1));
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

    /** At most so many bytes. */
    private int size() {
        int size = 2 + base.object().length();
        for (JsonSlice value : replaced) {
            size += value == null ? 0 : value.length();
        }
        for (int i = 0; i < addedNames.size(); i++) {
            size += addedNames.get(i).length() + addedValues.get(i).length() + 2;
        }
        return size;
    }

    private static JsonSlice quoted(String name) {
        byte[] json = JsonStrings.quotedBytes(name);
        return new JsonSlice(json, 0, json.length);
    }

    /** An array of values that are JSON already. */
    public static byte[] array(Iterable<byte[]> values) {
        int size = 2;
        for (byte[] value : values) {
            size += value.length + 1;
        }
        Output out = new Output(size);
        for (byte[] value : values) {
            out.separator();
            out.write(new JsonSlice(value, 0, value.length));
        }
        byte[] json = out.end();
        json[0] = '[';
        json[json.length - 1] = ']';
        return json;
    }

    /** An integer as JSON. */
    public static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.UTF_8);
    }

    /** An object's bytes as they grow. */
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

        void field(JsonSlice name, JsonSlice value) {
            write(name);
            bytes[length++] = ':';
            write(value);
        }

        void write(JsonSlice value) {
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
