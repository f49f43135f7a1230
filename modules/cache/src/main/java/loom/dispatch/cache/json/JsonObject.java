package loom.dispatch.cache.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object seen as its top-level fields, each value left as the bytes it came in. Names repeat
 * as rarely as never; if one does, the last wins, as in any parser's map.
 *
 * <p>Most events are looked into for a handful of their fields, so a field is four places in the
 * object's bytes until somebody asks for it.
 */
public final class JsonObject {
    /** Places of a field: of its name's quote, behind its name, of its value, behind its value. */
    private static final int PLACES = 4;

    private final byte[] json;
    private final int start;
    private final int end;
    private int[] places = new int[32 * PLACES];
    private int size;

    /** Whether a name is written with escapes, so that its bytes are not its text. */
    private boolean escaped;

    /** Scans the object that begins at {@code start}. */
    private JsonObject(byte[] json, int start, int limit) {
        this.json = json;
        this.start = start;
        this.end = scan(limit);
    }

    /** The object that is all of an array but the white space around it. */
    public static JsonObject of(byte[] json) {
        int start = JsonScanner.skipSpace(json, 0, json.length);
        if (start == json.length || json[start] != '{') {
            throw new JsonFormatException(
                    "should be an object: " + new JsonSlice(json, start, json.length));
        }
        JsonObject fields = new JsonObject(json, start, json.length);
        if (JsonScanner.skipSpace(json, fields.end, json.length) != json.length) {
            throw new JsonFormatException("goes on after its value");
        }
        return fields;
    }

    public static JsonObject of(JsonSlice object) {
        if (!object.isObject()) {
            throw new JsonFormatException("should be an object: " + object);
        }
        return new JsonObject(object.json(), object.start(), object.end());
    }

    /** The elements of an array. */
    public static List<JsonSlice> elements(JsonSlice array) {
        if (!array.isArray()) {
            throw new JsonFormatException("should be an array: " + array);
        }
        List<JsonSlice> elements = new ArrayList<>();
        byte[] json = array.json();
        int at = next(json, array.start() + 1, array.end());
        while (json[at] != ']') {
            int end = JsonScanner.skipValue(json, at, array.end());
            elements.add(new JsonSlice(json, at, end));
            at = afterComma(json, end, array.end(), ']');
        }
        return elements;
    }

    public Optional<JsonSlice> get(String name) {
        int place = indexOf(name);
        return place < 0 ? Optional.empty() : Optional.of(value(place));
    }

    /** A field that must be there. */
    public JsonSlice require(String name) {
        int place = indexOf(name);
        if (place < 0) {
            throw new JsonFormatException("has no " + name);
        }
        return value(place);
    }

    /** The text of a field that is there and no null. */
    public Optional<String> text(String name) {
        return get(name).filter(value -> !value.isNull()).map(JsonSlice::text);
    }

    /** The elements of an array field; none when it is absent or null. */
    public List<JsonSlice> array(String name) {
        return get(name)
                .filter(value -> !value.isNull())
                .map(JsonObject::elements)
                .orElse(List.of());
    }

    /** All of the object. */
    JsonSlice object() {
        return new JsonSlice(json, start, end);
    }

    /** How many fields there are. */
    public int size() {
        return size;
    }

    /** The place of the last field of that name; negative when there is none. */
    int indexOf(String name) {
        for (int i = size - 1; i >= 0; i--) {
            if (isNamed(i, name)) {
                return i;
            }
        }
        return -1;
    }

    public String name(int place) {
        int at = place * PLACES;
        return JsonStrings.unescaped(json, places[at] + 1, places[at + 1] - 1);
    }

    public JsonSlice value(int place) {
        int at = place * PLACES;
        return new JsonSlice(json, places[at + 2], places[at + 3]);
    }

    /** A field's name with its quotes. */
    JsonSlice nameOf(int place) {
        int at = place * PLACES;
        return new JsonSlice(json, places[at], places[at + 1]);
    }

    /** A field as it was written, from the name's quote to the end of its value. */
    JsonSlice field(int place) {
        int at = place * PLACES;
        return new JsonSlice(json, places[at], places[at + 3]);
    }

    private boolean isNamed(int place, String name) {
        int start = places[place * PLACES] + 1;
        int end = places[place * PLACES + 1] - 1;
        if (escaped) {
            return name(place).equals(name);
        }
        if (end - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            // the names that we ask for are ASCII
            if (json[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Finds the fields; gives the place behind the object. */
    private int scan(int limit) {
        int at = next(json, start + 1, limit);
        while (json[at] != '}') {
            if (json[at] != '"') {
                throw new JsonFormatException("has a field without a name");
            }
            int nameEnd = JsonScanner.skipString(json, at, limit);
            int colon = next(json, nameEnd, limit);
            if (json[colon] != ':') {
                throw new JsonFormatException("has a name without a value");
            }
            int value = next(json, colon + 1, limit);
            int valueEnd = JsonScanner.skipValue(json, value, limit);
            add(at, nameEnd, value, valueEnd);
            at = afterComma(json, valueEnd, limit, '}');
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
        for (int i = name; i < nameEnd && !escaped; i++) {
            escaped = json[i] == '\\' || json[i] < 0;
        }
    }

    /** The place of what follows a value: the next element, or the closing bracket. */
    private static int afterComma(byte[] json, int valueEnd, int end, char closing) {
        int at = next(json, valueEnd, end);
        if (json[at] == closing) {
            return at;
        }
        if (json[at] != ',') {
            throw new JsonFormatException("has no comma between two values");
        }
        int behind = next(json, at + 1, end);
        if (json[behind] == closing) {
            throw new JsonFormatException("has a comma without a value behind it");
        }
        return behind;
    }

    /** The first place from there on that is no white space. */
    private static int next(byte[] json, int at, int end) {
        int place = JsonScanner.skipSpace(json, at, end);
        if (place == end) {
            throw new JsonFormatException("ends inside an object or array");
        }
        return place;
    }
}
