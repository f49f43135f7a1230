package loom.dispatch.cache.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as a range of a longer array, which it does not copy and which must not change.
 *
 * @param json the array
 * @param start place of the value's first byte
 * @param end place behind its last byte
 */
public record JsonSlice(byte[] json, int start, int end) {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};

    /** The value that is all of an array but the white space around it. */
    public static JsonSlice of(byte[] json) {
        int start = JsonScanner.skipSpace(json, 0, json.length);
        int end = JsonScanner.skipValue(json, start, json.length);
        if (JsonScanner.skipSpace(json, end, json.length) != json.length) {
            throw new JsonFormatException("goes on after its value");
        }
        return new JsonSlice(json, start, end);
    }

    boolean isNull() {
        return equalsBytes(NULL);
    }

    public boolean isTrue() {
        return equalsBytes(TRUE);
    }

    public boolean isObject() {
        return json[start] == '{';
    }

    boolean isArray() {
        return json[start] == '[';
    }

    public boolean isString() {
        return json[start] == '"';
    }

    /** The text of a string. */
    public String text() {
        if (!isString()) {
            throw new JsonFormatException("should be a string: " + this);
        }
        return JsonStrings.unescaped(json, start + 1, end - 1);
    }

    /** The value of an integer that fits a long. */
    public long integer() {
        try {
            return Long.parseLong(toString());
        } catch (NumberFormatException noInteger) {
            throw new JsonFormatException("should be an integer: " + this);
        }
    }

    int length() {
        return end - start;
    }

    public byte[] toBytes() {
        return start == 0 && end == json.length ? json : Arrays.copyOfRange(json, start, end);
    }

    /** Equal values are written with the same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof JsonSlice slice
                && Arrays.equals(json, start, end, slice.json, slice.start, slice.end);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + json[i];
        }
        return hash;
    }

    private boolean equalsBytes(byte[] other) {
        return Arrays.equals(json, start, end, other, 0, other.length);
    }

    /** The value's JSON text, cut short, for messages. */
    @Override
    public String toString() {
        return new String(json, start, Math.min(length(), 64), StandardCharsets.UTF_8);
    }
}
