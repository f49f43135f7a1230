package loom.dispatch.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as a range of a longer array, which it does not copy and which must not change.
 *
 * @param json the array
 * @param start place of the value's first byte
 * @param end place behind its last byte
 */
record Slice(byte[] json, int start, int end) {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};

    /** The value that is all of an array but the white space around it. */
    static Slice of(byte[] json) {
        int start = JsonScan.skipSpace(json, 0, json.length);
        int end = JsonScan.skipValue(json, start, json.length);
        if (JsonScan.skipSpace(json, end, json.length) != json.length) {
            throw new JsonFault("goes on after its value");
        }
        return new Slice(json, start, end);
    }

    boolean isNull() {
        return equalsBytes(NULL);
    }

    boolean isTrue() {
        return equalsBytes(TRUE);
    }

    boolean isObject() {
        return json[start] == '{';
    }

    boolean isArray() {
        return json[start] == '[';
    }

    boolean isString() {
        return json[start] == '"';
    }

    /** The text of a string. */
    String text() {
        if (!isString()) {
            throw new JsonFault("should be a string: " + this);
        }
        return JsonText.unescaped(json, start + 1, end - 1);
    }

    /** The value of an integer that fits a long. */
    long integer() {
        try {
            return Long.parseLong(toString());
        } catch (NumberFormatException noInteger) {
            throw new JsonFault("should be an integer: " + this);
        }
    }

    int length() {
        return end - start;
    }

    byte[] toBytes() {
        return start == 0 && end == json.length ? json : Arrays.copyOfRange(json, start, end);
    }

    /** Equal values are written with the same bytes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Slice slice
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
