package loom.dispatch.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One JSON value, as a range of a longer array. The value does not copy the array.
 *
 * <p>Nobody may change the array. Two values are equal if their bytes are equal.
 *
 * @param json the array
 * @param start the index of the value's first byte
 * @param end the index behind its last byte
 */
public record JsonValue(byte[] json, int start, int end) {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};

    /** A sign and 19 digits. */
    private static final int MOST_INTEGER_BYTES = 20;

    /** Enough to recognize a value in a message. */
    private static final int MOST_SHOWN_BYTES = 64;

    /** Checks that the range lies in the array and is not empty. */
    public JsonValue {
        Objects.checkFromToIndex(start, end, json.length);
        if (start == end) {
            throw new IllegalArgumentException("no value at byte " + start);
        }
    }

    /**
     * Finds the only value of an array. White space may surround it.
     *
     * @throws JsonSyntaxException if the array holds no value, or more
     */
    public static JsonValue of(byte[] json) {
        int start = JsonScanner.skipSpaceStrictly(json, 0, json.length);
        int end = JsonScanner.skipValueStrictly(json, start, json.length);
        requireEnd(json, end);
        return new JsonValue(json, start, end);
    }

    /** Checks that only white space follows. */
    static void requireEnd(byte[] json, int at) {
        int rest = JsonScanner.skipSpaceStrictly(json, at, json.length);
        if (rest != json.length) {
            throw new JsonSyntaxException("text follows the value", rest);
        }
    }

    /** Returns whether the value is {@code null}. */
    public boolean isNull() {
        return hasBytes(NULL);
    }

    /** Returns whether the value is {@code true}. */
    public boolean isTrue() {
        return hasBytes(TRUE);
    }

    /** Returns whether the value is an object. */
    public boolean isObject() {
        return json[start] == '{';
    }

    /** Returns whether the value is an array. */
    public boolean isArray() {
        return json[start] == '[';
    }

    /** Returns whether the value is a string. */
    public boolean isString() {
        return json[start] == '"';
    }

    /**
     * Returns the text of a string.
     *
     * @throws JsonSyntaxException if the value is no string, or has a broken escape
     */
    public String text() {
        if (!isString()) {
            throw unexpected("a string");
        }
        return JsonStrings.unescape(json, start + 1, end - 1);
    }

    /**
     * Returns the value of an integer of up to 64 bits.
     *
     * @throws JsonSyntaxException if the value is no such integer
     */
    public long integer() {
        if (length() <= MOST_INTEGER_BYTES) {
            try {
                return Long.parseLong(toString());
            } catch (NumberFormatException _) {
                // the exception below names the value
            }
        }
        throw unexpected("an integer");
    }

    /**
     * Returns the elements of an array.
     *
     * @throws JsonSyntaxException if the value is no array
     */
    public List<JsonValue> elements() {
        if (!isArray()) {
            throw unexpected("an array");
        }
        List<JsonValue> elements = new ArrayList<>();
        int at = nextToken(json, start + 1, end);
        while (json[at] != ']') {
            int valueEnd = JsonScanner.skipValueStrictly(json, at, end);
            elements.add(new JsonValue(json, at, valueEnd));
            at = afterComma(json, valueEnd, end);
        }
        return elements;
    }

    private static int afterComma(byte[] json, int valueEnd, int end) {
        int at = nextToken(json, valueEnd, end);
        if (json[at] == ']') {
            return at;
        }
        if (json[at] != ',') {
            throw new JsonSyntaxException("a comma is missing between two values", at);
        }
        int next = nextToken(json, at + 1, end);
        if (json[next] == ']') {
            throw new JsonSyntaxException("a value is missing after a comma", next);
        }
        return next;
    }

    private static int nextToken(byte[] json, int at, int end) {
        int place = JsonScanner.skipSpaceStrictly(json, at, end);
        if (place == end) {
            throw new JsonSyntaxException("an object or array does not end", end);
        }
        return place;
    }

    /** Returns the length of the value in bytes. */
    public int length() {
        return end - start;
    }

    /** Returns the bytes of the value: the array itself if the value is all of it. */
    public byte[] toBytes() {
        return start == 0 && end == json.length ? json : Arrays.copyOfRange(json, start, end);
    }

    /** Returns an exception that names what the caller expects instead of this value. */
    JsonSyntaxException unexpected(String expected) {
        return new JsonSyntaxException("expected " + expected + ", found " + this, start);
    }

    private boolean hasBytes(byte[] other) {
        return Arrays.equals(json, start, end, other, 0, other.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonValue value
                && Arrays.equals(json, start, end, value.json, value.start, value.end);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + json[i];
        }
        return hash;
    }

    /** Returns the JSON text of the value for messages, at most its first 64 bytes. */
    @Override
    public String toString() {
        int shown = Math.min(length(), MOST_SHOWN_BYTES);
        return new String(json, start, shown, StandardCharsets.UTF_8);
    }
}
