package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The fields of an object are found whatever surrounds or imitates them. */
final class JsonCursorTest {
    private static final byte[] TRAPS =
            """
            {"d":{"op":7,"s":99,"t":"NO","d":{"x":"\\"}],\\\\","y":[1,{"op":3}]},"text":"{\\"op\\":9"},
             "extra":[{"op":5}],"t":"MESSAGE_CREATE","unknown":null,"s":42,"op":0}\
            """
                    .getBytes(StandardCharsets.UTF_8);

    private static Map<String, String> fields(byte[] json, int length) {
        Map<String, String> fields = new LinkedHashMap<>();
        var cursor = new JsonCursor(json, length);
        cursor.forEachField((nameStart, nameEnd) -> {
            int start = cursor.position();
            cursor.skipValue();
            fields.put(text(json, nameStart, nameEnd), text(json, start, cursor.position()));
        });
        assertTrue(cursor.position() <= length);
        return fields;
    }

    private static Map<String, String> fields(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return fields(bytes, bytes.length);
    }

    private static String text(byte[] json, int start, int end) {
        return new String(json, start, end - start, StandardCharsets.UTF_8);
    }

    @Test
    void keysInsideStringsAndNestedObjectsAreNoFields() {
        Map<String, String> fields = fields(TRAPS, TRAPS.length);
        assertEquals(
                List.of("d", "extra", "t", "unknown", "s", "op"), List.copyOf(fields.keySet()));
        assertEquals("0", fields.get("op"));
        assertEquals("42", fields.get("s"));
        assertEquals("\"MESSAGE_CREATE\"", fields.get("t"));
        assertEquals("null", fields.get("unknown"));
        String data = fields.get("d");
        assertTrue(data.startsWith("{\"op\":7") && data.endsWith("\"{\\\"op\\\":9\"}"), data);
    }

    @Test
    void everyKindOfValueIsCutOutExactly() {
        for (String value :
                List.of("{}", "[]", "null", "true", "-1.5e3", "\"a\\\"b\"", "[1,[2,{}]]", "0")) {
            for (String form :
                    List.of("{\"d\":%s}", "{ \"a\":1,\t\"d\" :\r\n%s\n, \"t\":\"X\" }")) {
                assertEquals(value, fields(form.formatted(value)).get("d"), form);
            }
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < TRAPS.length; length++) {
            int cut = length;
            assertThrows(
                    JsonSyntaxException.class,
                    () -> fields(Arrays.copyOf(TRAPS, cut), cut),
                    () -> "cut at " + cut);
            // in a larger buffer, as an inflater's, the bytes behind the text do not count
            assertThrows(
                    JsonSyntaxException.class, () -> fields(TRAPS, cut), () -> "cut at " + cut);
        }
    }

    /** The scan looks at eight bytes at once, so every alignment has to be tried. */
    @Test
    void aStringEndsAtItsQuoteAtEveryAlignment() {
        for (int before = 0; before < 20; before++) {
            for (int behind = 0; behind < 20; behind++) {
                for (String trap : List.of("", "\\\"", "\\\\", "\u00a2", "\u0322", "#", "]")) {
                    String value = "\"" + "a".repeat(before) + trap + "b".repeat(behind) + "\"";
                    assertEquals(
                            Map.of("k", value, "e", "1"), fields("{\"k\":" + value + ",\"e\":1}"));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "\"x\"",
                "{op:0}",
                "{,}",
                "{\"a\":1,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\" 1}",
                "{1:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":\"\\\"}",
                "\u0001{}"
            })
    void whatIsNoObjectIsRefusedWithItsPlace(String json) {
        JsonSyntaxException thrown =
                assertThrows(JsonSyntaxException.class, () -> fields(json), json);
        assertTrue(
                thrown.getMessage().endsWith(", at byte " + thrown.position()),
                thrown.getMessage());
        assertTrue(
                thrown.position() >= 0 && thrown.position() <= json.length(), thrown.getMessage());
    }

    @Test
    void invalidUtf8HugeNumbersAndOddScalarsPass() {
        byte[] json =
                "{\"a\":\"?\",\"n\":123456789012345678901234567890,\"odd\":NaN(:),\"in\":[tRUE,?]}"
                        .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < json.length; i++) {
            json[i] = json[i] == '?' ? (byte) 0xFF : json[i];
        }
        assertEquals(
                List.of("a", "n", "odd", "in"), List.copyOf(fields(json, json.length).keySet()));
        assertEquals("NaN(:)", fields(json, json.length).get("odd"));
    }

    @Test
    void textBehindTheObjectIsNotLookedAt() {
        assertEquals(Map.of("a", "1"), fields(" {\"a\":1}]"));
    }

    @Test
    void aVisitorMayWalkIntoAValueAndGoBack() {
        byte[] json = "{\"a\":{\"b\":7},\"c\":[]}".getBytes(StandardCharsets.UTF_8);
        var cursor = new JsonCursor(json, json.length);
        var found = new StringBuilder();
        cursor.forEachField((_, _) -> {
            int start = cursor.position();
            if (cursor.isAtObject()) {
                cursor.forEachField((nameStart, nameEnd) -> {
                    found.append(text(json, nameStart, nameEnd));
                    cursor.skipValue();
                });
                cursor.returnTo(start);
            }
            cursor.skipValue();
            found.append(text(json, start, cursor.position()));
        });
        assertEquals("b{\"b\":7}[]", found.toString());
        assertFalse(cursor.isAtObject());
        assertThrows(IndexOutOfBoundsException.class, () -> new JsonCursor(json, json.length + 1));
    }

    /** Bytes at random: the scan ends, and where a strict parser sees fields, so does it. */
    @Test
    void randomDamageNeverHangsAndNeverContradictsAStrictParser() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int accepted = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = TRAPS.clone();
            for (int damage = random.nextInt(4); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "{}[]\",:\\ \n0a".charAt(random.nextInt(12));
            }
            Optional<List<String>> names = strictNames(bytes);
            String shown = "seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8);
            if (names.isPresent()) {
                accepted++;
                assertEquals(names.get(), List.copyOf(fields(bytes, bytes.length).keySet()), shown);
                JsonObject object = JsonObject.of(bytes);
                for (String name : names.get()) {
                    assertTrue(object.get(name).isPresent(), shown);
                }
            } else {
                scanAnything(bytes);
            }
        }
        assertTrue(accepted > 5_000, "the damage must leave something to compare");
    }

    private static void scanAnything(byte[] bytes) {
        for (Runnable scan :
                List.<Runnable>of(
                        () -> fields(bytes, bytes.length),
                        () -> JsonObject.of(bytes),
                        () -> JsonObject.lenient(bytes, 0, bytes.length))) {
            try {
                scan.run();
            } catch (JsonSyntaxException e) {
                assertTrue(e.position() <= bytes.length, e.getMessage());
            }
        }
    }

    /** The names of the fields by a strict parser; empty if the text is no object. */
    private static Optional<List<String>> strictNames(byte[] bytes) {
        try (JsonParser parser = new JsonFactory().createParser(bytes)) {
            Map<String, Boolean> names = new LinkedHashMap<>();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                // the cursor leaves escapes in names as they are
                if (parser.currentName().chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
                    return Optional.empty();
                }
                names.put(parser.currentName(), true);
                parser.nextToken();
                parser.skipChildren();
            }
            return parser.nextToken() == null
                    ? Optional.of(List.copyOf(names.keySet()))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
