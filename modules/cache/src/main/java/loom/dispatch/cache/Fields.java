package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object seen as its top-level fields, each value left as the bytes it came in. Names repeat
 * as rarely as never; if one does, the last wins, as in any parser's map.
 */
final class Fields {
    private final List<String> names = new ArrayList<>(32);
    private final List<Slice> values = new ArrayList<>(32);

    private Fields() {}

    static Fields of(byte[] json) {
        return of(Slice.of(json));
    }

    static Fields of(Slice object) {
        if (!object.isObject()) {
            throw new JsonFault("should be an object: " + object);
        }
        Fields fields = new Fields();
        fields.scan(object);
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
        int place = names.lastIndexOf(name);
        return place < 0 ? Optional.empty() : Optional.of(values.get(place));
    }

    /** A field that must be there. */
    Slice require(String name) {
        return get(name).orElseThrow(() -> new JsonFault("has no " + name));
    }

    /** The text of a field that is there and no null. */
    Optional<String> text(String name) {
        return get(name).filter(value -> !value.isNull()).map(Slice::text);
    }

    /** The elements of an array field; none when it is absent or null. */
    List<Slice> array(String name) {
        return get(name).filter(value -> !value.isNull()).map(Fields::elements).orElse(List.of());
    }

    List<String> names() {
        return names;
    }

    Slice value(int place) {
        return values.get(place);
    }

    private void scan(Slice object) {
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
            names.add(JsonText.unescaped(json, at + 1, nameEnd - 1));
            values.add(new Slice(json, start, valueEnd));
            at = afterComma(json, valueEnd, end, '}');
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
