package loom.dispatch.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The top-level fields of a JSON object. The values stay the bytes that they were.
 *
 * <p>The object stores four indices a field, and decodes a field when the caller asks for it. If a
 * name occurs twice, the last field counts. Nobody may change the bytes.
 */
public final class JsonObject {
    /** Indices a field: of its name's quote, behind the name, of its value, behind the value. */
    private static final int PLACES = 4;

    /** Most objects have at most 32 fields; the array doubles for those that have more. */
    private static final int FIRST_FIELDS = 32;

    private final byte[] json;
    private final boolean strict;
    private final int start;
    private final int end;
    private int[] places = new int[FIRST_FIELDS * PLACES];
    private int size;

    /** Whether a name has an escape or is not ASCII, so that its bytes are not its chars. */
    private boolean encodedNames;

    private JsonObject(byte[] json, int start, int limit, boolean strict) {
        this.json = json;
        this.strict = strict;
        this.start = start;
        this.end = scan(limit);
    }

    /**
     * Reads the only value of an array, which must be an object. White space may surround it.
     *
     * @throws JsonSyntaxException if the array holds anything else
     */
    public static JsonObject of(byte[] json) {
        int start = JsonScanner.skipSpaceStrictly(json, 0, json.length);
        requireObject(json, start, json.length);
        var object = new JsonObject(json, start, json.length, true);
        JsonValue.requireEnd(json, object.end);
        return object;
    }

    /**
     * Reads a value, which must be an object.
     *
     * @throws JsonSyntaxException if it is none
     */
    public static JsonObject of(JsonValue value) {
        requireObject(value.json(), value.start(), value.end());
        return new JsonObject(value.json(), value.start(), value.end(), true);
    }

    /**
     * Reads the object that begins in a range, by the lenient rules of {@link JsonCursor}.
     *
     * <p>White space may precede the object. Anything may follow it.
     *
     * @throws JsonSyntaxException if no object begins there, or if it does not end in the range
     */
    public static JsonObject lenient(byte[] json, int start, int end) {
        Objects.checkFromToIndex(start, end, json.length);
        int first = JsonScanner.skipSpace(json, start, end);
        requireObject(json, first, end);
        return new JsonObject(json, first, end, false);
    }

    private static void requireObject(byte[] json, int start, int end) {
        if (start == end) {
            throw new JsonSyntaxException("an object is missing", start);
        }
        if (json[start] != '{') {
            throw new JsonValue(json, start, end).unexpected("an object");
        }
    }

    /** Returns the value of a field. */
    public Optional<JsonValue> get(String name) {
        int index = indexOf(name);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    /**
     * Returns the value of a field that must be present.
     *
     * @throws JsonSyntaxException if it is absent
     */
    public JsonValue require(String name) {
        int index = indexOf(name);
        if (index < 0) {
            throw new JsonSyntaxException(name + " is missing in the object", start);
        }
        return value(index);
    }

    /**
     * Returns the text of a field, unless the field is absent or null.
     *
     * @throws JsonSyntaxException if the field is anything else but a string
     */
    public Optional<String> text(String name) {
        return get(name).filter(value -> !value.isNull()).map(JsonValue::text);
    }

    /**
     * Returns the text of a field, or the empty text if the field is no string.
     *
     * @throws JsonSyntaxException if the string has a broken escape
     */
    public String textOrEmpty(String name) {
        int index = indexOf(name);
        return index >= 0 && value(index).isString() ? value(index).text() : "";
    }

    /**
     * Returns the integer of a field that must be present.
     *
     * @throws JsonSyntaxException if the field is absent or no integer of up to 64 bits
     */
    public long integer(String name) {
        return require(name).integer();
    }

    /**
     * Returns the object of a field that must be present. The same rules apply to it.
     *
     * @throws JsonSyntaxException if the field is absent or no object
     */
    public JsonObject object(String name) {
        JsonValue value = require(name);
        requireObject(json, value.start(), value.end());
        return new JsonObject(json, value.start(), value.end(), strict);
    }

    /**
     * Returns the elements of an array field; none if the field is absent or null.
     *
     * @throws JsonSyntaxException if the field is anything else but an array
     */
    public List<JsonValue> array(String name) {
        return get(name)
                .filter(value -> !value.isNull())
                .map(JsonValue::elements)
                .orElse(List.of());
    }

    /** Returns all of the object. */
    public JsonValue asValue() {
        return new JsonValue(json, start, end);
    }

    /** Returns the number of fields. */
    public int size() {
        return size;
    }

    /** Returns the index of the last field with this name, from 0; negative if there is none. */
    public int indexOf(String name) {
        for (int i = size - 1; i >= 0; i--) {
            if (isNamed(i, name)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the name of the field with this index. */
    public String name(int index) {
        int at = index * PLACES;
        return JsonStrings.unescape(json, places[at] + 1, places[at + 1] - 1);
    }

    /** Returns the value of the field with this index. */
    public JsonValue value(int index) {
        int at = index * PLACES;
        return new JsonValue(json, places[at + 2], places[at + 3]);
    }

    /** Returns the name of the field with this index, as it was written with its quotes. */
    public JsonValue quotedName(int index) {
        int at = index * PLACES;
        return new JsonValue(json, places[at], places[at + 1]);
    }

    /** Returns the bytes of a field, from the quote of its name to the end of its value. */
    public JsonValue field(int index) {
        int at = index * PLACES;
        return new JsonValue(json, places[at], places[at + 3]);
    }

    private boolean isNamed(int index, String name) {
        if (encodedNames) {
            return name(index).equals(name);
        }
        int nameStart = places[index * PLACES] + 1;
        int nameEnd = places[index * PLACES + 1] - 1;
        if (nameEnd - nameStart != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (json[nameStart + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Finds the fields, and returns the index behind the object. */
    private int scan(int limit) {
        int at = nextToken(start + 1, limit);
        while (json[at] != '}') {
            requireByte('"', at);
            int nameEnd = JsonScanner.skipString(json, at, limit);
            int colon = nextToken(nameEnd, limit);
            requireByte(':', colon);
            int value = nextToken(colon + 1, limit);
            int valueEnd =
                    strict
                            ? JsonScanner.skipValueStrictly(json, value, limit)
                            : JsonScanner.skipValue(json, value, limit);
            add(at, nameEnd, value, valueEnd);
            at = nextToken(valueEnd, limit);
            if (json[at] != '}') {
                requireByte(',', at);
                at = nextToken(at + 1, limit);
                requireByte('"', at);
            }
        }
        return at + 1;
    }

    private void add(int name, int nameEnd, int value, int valueEnd) {
        int at = size * PLACES;
        if (at == places.length) {
            places = Arrays.copyOf(places, 2 * at);
        }
        places[at] = name;
        places[at + 1] = nameEnd;
        places[at + 2] = value;
        places[at + 3] = valueEnd;
        size++;
        for (int i = name; i < nameEnd && !encodedNames; i++) {
            encodedNames = json[i] == '\\' || json[i] < 0;
        }
    }

    private int nextToken(int at, int limit) {
        int place =
                strict
                        ? JsonScanner.skipSpaceStrictly(json, at, limit)
                        : JsonScanner.skipSpace(json, at, limit);
        if (place == limit) {
            throw new JsonSyntaxException("an object or array does not end", limit);
        }
        return place;
    }

    private void requireByte(char wanted, int at) {
        if (json[at] != wanted) {
            throw new JsonSyntaxException("'" + wanted + "' is missing", at);
        }
    }
}
