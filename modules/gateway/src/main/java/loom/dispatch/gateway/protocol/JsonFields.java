package loom.dispatch.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of one small JSON object: found in one walk, each read when it is asked for. Used by
 * one thread.
 *
 * <p>For what stands between a start and its first IDENTIFY: before the library's parser reads
 * anything it makes tables of big numbers, and with what the JVM then compiles that is a seventh of
 * the CPU of a start (docs/adr/0008).
 */
public final class JsonFields {
    private final byte[] bytes;
    private final Map<String, Place> places = new HashMap<>();

    private record Place(int start, int end) {}

    private JsonFields(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of an object from end to end. */
    public static JsonFields of(byte[] json) throws MalformedFrameException {
        return of(json, 0, json.length);
    }

    /** Of the object that begins at {@code start} and ends before {@code end}. */
    static JsonFields of(byte[] bytes, int start, int end) throws MalformedFrameException {
        var fields = new JsonFields(bytes);
        var cursor = new JsonCursor(bytes, end);
        cursor.returnTo(start);
        cursor.object((keyStart, keyEnd) -> {
            int valueStart = cursor.at();
            cursor.value();
            fields.places.put(
                    new String(bytes, keyStart, keyEnd - keyStart, StandardCharsets.UTF_8),
                    new Place(valueStart, cursor.at()));
        });
        return fields;
    }

    /**
     * A text; empty if there is none.
     *
     * @throws MalformedFrameException if it is broken
     */
    public String text(String key) throws MalformedFrameException {
        Place place = places.get(key);
        if (place == null || bytes[place.start] != '"') {
            return "";
        }
        String raw = raw(place);
        return raw.indexOf('\\') < 0 ? raw.substring(1, raw.length() - 1) : unescaped(key, place);
    }

    private String raw(Place place) {
        return new String(bytes, place.start, place.end - place.start, StandardCharsets.UTF_8);
    }

    /** So rare that the library may take its time. Null of the library's is no text either. */
    private String unescaped(String key, Place place) throws MalformedFrameException {
        try (JsonParser parser =
                new JsonFactory().createParser(bytes, place.start, place.end - place.start)) {
            return Optional.ofNullable(parser.nextTextValue()).orElse("");
        } catch (IOException _) {
            throw new MalformedFrameException(key + " has an escape that is none of JSON's");
        }
    }

    /**
     * An integer of up to 64 bits.
     *
     * @throws MalformedFrameException if there is none
     */
    public long integer(String key) throws MalformedFrameException {
        Place place = places.get(key);
        if (place != null) {
            try {
                return Long.parseLong(raw(place));
            } catch (NumberFormatException _) {
                // as if it were missing
            }
        }
        throw new MalformedFrameException(key + " is missing or no integer");
    }

    /**
     * An object in the object.
     *
     * @throws MalformedFrameException if there is none
     */
    public JsonFields object(String key) throws MalformedFrameException {
        Place place = places.get(key);
        if (place == null || bytes[place.start] != '{') {
            throw new MalformedFrameException(key + " is missing or no object");
        }
        return of(bytes, place.start, place.end);
    }
}
