package loom.dispatch.cache;

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
final class Fields {
    /** Places of a field: of its name's quote, behind its name, of its value, behind its value. */
    private static final int PLACES = 4;

    private final Slice object;
    private int[] places = new int[32 * PLACES];
    private int size;

    /** Whether a name is written with escapes, so that its bytes are not its text. */
    private boolean escaped;

    private Fields(Slice object) {
        this.object = object;
    }

    static Fields of(byte[] json) {
        return of(Slice.of(json));
    }

    static Fields of(Slice object) {
        if (!object.isObject()) {
            throw new JsonFault("should be an object: " + object);
        }
        Fields fields = new Fields(object);
        fields.scan();
        return fields;
    }

    /** The elements of an array. */
    static List<Slice> elements(Slice array) {
        if (!array.isArray()) {
            throw new JsonFault("should be an array: " + array);
        }
        List<Slice> elements = new ArrayList<>();
        byte[] json = array.json();
        int at = JsonScan.skipSpace(json, array.start() + 1, array.end());
        while (json[at] != ']') {
            int end = JsonScan.skipValue(json, at, array.end());
            elements.add(new Slice(json, at, end));
            at = afterComma(json, end, array.end(), ']');
        }
        return elements;
    }

    Optional<Slice> get(String name) {
        int place = indexOf(name);
        return place < 0 ? Optional.empty() : Optional.of(value(place));
    }

    /** A field that must be there. */
    Slice require(String name) {
        int place = indexOf(name);
        if (place < 0) {
            throw new JsonFault("has no " + name);
        }
        return value(place);
    }

    /** The text of a field that is there and no null. */
    Optional<String> text(String name) {
        return get(name).filter(value -> !value.isNull()).map(Slice::text);
    }

    /** The elements of an array field; none when it is absent or null. */
    List<Slice> array(String name) {
        return get(name).filter(value -> !value.isNull()).map(Fields::elements).orElse(List.of());
    }

    /** All of the object. */
    Slice object() {
        return object;
    }

    /** How many fields there are. */
    int size() {
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

    String name(int place) {
        int at = place * PLACES;
        return JsonText.unescaped(object.json(), places[at] + 1, places[at + 1] - 1);
    }

    Slice value(int place) {
        int at = place * PLACES;
        return new Slice(object.json(), places[at + 2], places[at + 3]);
    }

    /** A field's name with its quotes. */
    Slice nameOf(int place) {
        int at = place * PLACES;
        return new Slice(object.json(), places[at], places[at + 1]);
    }

    /** A field as it was written, from the name's quote to the end of its value. */
    Slice field(int place) {
        int at = place * PLACES;
        return new Slice(object.json(), places[at], places[at + 3]);
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
        byte[] json = object.json();
        for (int i = 0; i < name.length(); i++) {
            // the names that we ask for are ASCII
            if (json[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void scan() {
        byte[] json = object.json();
        int end = object.end();
        int at = JsonScan.skipSpace(json, object.start() + 1, end);
        while (json[at] != '}') {
            if (json[at] != '"') {
                throw new JsonFault("has a field without a name");
            }
            int nameEnd = JsonScan.skipString(json, at, end);
            int colon = JsonScan.skipSpace(json, nameEnd, end);
            if (json[colon] != ':') {
                throw new JsonFault("has a name without a value");
            }
            int start = JsonScan.skipSpace(json, colon + 1, end);
            int valueEnd = JsonScan.skipValue(json, start, end);
            add(at, nameEnd, start, valueEnd);
            at = afterComma(json, valueEnd, end, '}');
        }
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
            escaped = object.json()[i] == '\\' || object.json()[i] < 0;
        }
    }

    /** The place of what follows a value: the next element, or the closing bracket. */
    private static int afterComma(byte[] json, int valueEnd, int end, char closing) {
        int at = JsonScan.skipSpace(json, valueEnd, end);
        if (json[at] == closing) {
            return at;
        }
        if (json[at] != ',') {
            throw new JsonFault("has no comma between two values");
        }
        int next = JsonScan.skipSpace(json, at + 1, end);
        if (json[next] == closing) {
            throw new JsonFault("has a comma without a value behind it");
        }
        return next;
    }
}
