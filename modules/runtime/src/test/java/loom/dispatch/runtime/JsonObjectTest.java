package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An object's fields are found wherever quotes, brackets and escapes stand. */
final class JsonObjectTest {
    private static final String TRAPS =
            """
             {"a" : "}]\\" , ",
              "unicode":"\\u00e4\\ud83d\\ude00 and ä😀",
              "nested":{"a":[{"b":"]}\\\\\\\\"},[[]]],"id":"1"},
              "eight678":"1234567\\"9",
              "empty":"", "none":{}, "list":[], "null":null,
              "number":-1.5E+10,"id":"2", "no":false}
            \
            """;

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject of(String json) {
        return JsonObject.of(utf8(json));
    }

    private static JsonObject lenient(String json) {
        byte[] bytes = utf8(json);
        return JsonObject.lenient(bytes, 0, bytes.length);
    }

    /** An object whose field {@code v} has this value. */
    private static JsonObject value(String json) {
        return lenient("{ \"before\" : [1, {\"v\": 2}],\n\"v\" : " + json + ",\"after\":null}");
    }

    @Test
    void everyFieldHasItsValueAsItWasWritten() {
        JsonObject object = of(TRAPS);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < object.size(); i++) {
            found.add(object.name(i) + "=" + written(object.value(i)));
        }
        assertEquals(
                List.of(
                        "a=\"}]\\\" , \"",
                        "unicode=\"\\u00e4\\ud83d\\ude00 and ä😀\"",
                        "nested={\"a\":[{\"b\":\"]}\\\\\\\\\"},[[]]],\"id\":\"1\"}",
                        "eight678=\"1234567\\\"9\"",
                        "empty=\"\"",
                        "none={}",
                        "list=[]",
                        "null=null",
                        "number=-1.5E+10",
                        "id=\"2\"",
                        "no=false"),
                found);
        assertEquals("2", object.require("id").text());
        assertEquals("ä😀 and ä😀", object.require("unicode").text());
        assertEquals(TRAPS.strip(), written(object.asValue()));
        assertEquals("\"id\"", written(object.quotedName(9)));
        assertEquals("\"id\":\"2\"", written(object.field(9)));
    }

    private static String written(JsonValue value) {
        return new String(value.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theLastOfTwoEqualNamesCounts() {
        assertEquals("2", of("{\"id\":\"1\",\"id\":\"2\"}").require("id").text());
        assertEquals(2, lenient("{\"v\":1,\"v\":2}").integer("v"));
    }

    @Test
    void namesAreComparedByWhatTheirEscapesMean() {
        JsonObject object = of("{\"\\u0069d\":1,\"é\":2,\"plain\":3}");
        assertEquals(1, object.integer("id"));
        assertEquals(2, object.integer("é"));
        assertEquals(3, object.integer("plain"));
        assertEquals(Optional.empty(), of("{\"ab\":1}").get("aé"));
    }

    @Test
    void anObjectMayHaveMoreFieldsThanTheFirstArrayHolds() {
        StringBuilder json = new StringBuilder("{\"f0\":0");
        for (int i = 1; i < 100; i++) {
            json.append(",\"f").append(i).append("\":").append(i);
        }
        JsonObject object = of(json.append('}').toString());
        assertEquals(100, object.size());
        for (int i = 0; i < 100; i++) {
            assertEquals(i, object.integer("f" + i));
        }
    }

    @Test
    void whereverAnObjectIsCutItIsRefused() {
        byte[] whole = utf8(TRAPS.strip());
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            int end = length;
            assertThrows(
                    JsonSyntaxException.class, () -> JsonObject.of(cut), () -> "cut at " + end);
            assertThrows(
                    JsonSyntaxException.class,
                    () -> JsonObject.lenient(whole, 0, end),
                    () -> "cut at " + end);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"{}\"",
                "{}x",
                "{} {}",
                "{,}",
                "{\"a\":1,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\" 1}",
                "{1:1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":NaN}",
                "{\"a\":1\u00a0}"
            })
    void whatIsNoObjectIsRefused(String json) {
        assertThrows(JsonSyntaxException.class, () -> of(json), json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "{",
                "{\"v\":",
                "{\"v\" 1}",
                "{\"v\":\"",
                "<html>",
                "{\"a\":1,}",
                "\u0001{}"
            })
    void whatIsNoObjectIsRefusedLenientlyToo(String json) {
        assertThrows(JsonSyntaxException.class, () -> lenient(json));
    }

    @Test
    void theLenientRulesTakeEveryScalarAndWhateverFollows() {
        JsonObject object = lenient("{\"odd\":NaN(:),\"v\":{\"w\":tRUE}} trailing");
        assertEquals("NaN(:)", object.require("odd").toString());
        assertEquals("tRUE", object.object("v").require("w").toString());
        assertThrows(JsonSyntaxException.class, () -> of("{\"w\":tRUE}"));
        byte[] bytes = utf8("{\"a\":1}{\"b\":2}");
        assertEquals(2, JsonObject.lenient(bytes, 7, bytes.length).integer("b"));
    }

    @Test
    void theStrictRulesTakeControlCharactersAsWhiteSpace() {
        assertEquals(1, of("\u0001{\u0002\"a\"\u0003:\u0004001\u0005}\u0006").integer("a"));
        assertEquals("1\u0001", lenient("{\"a\":1\u0001}").require("a").toString());
    }

    @Test
    void aTextIsReadWithItsEscapesAndBeyondAscii() {
        assertEquals(
                "wss://x/é😀", value("\"wss:\\/\\/x\\/\\u00e9\\ud83d\\ude00\"").textOrEmpty("v"));
        assertEquals("é😀", value("\"é😀\"").textOrEmpty("v"));
        assertEquals("a\"b\\", value("\"a\\\"b\\\\\"").textOrEmpty("v"));
        assertEquals(Optional.of("\b\f\n\r\t/"), value("\"\\b\\f\\n\\r\\t\\/\"").text("v"));
        assertEquals(Optional.of(""), value("\"\"").text("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "true", "[\"a\"]", "{\"a\":\"b\"}"})
    void whatIsNoTextIsAnEmptyOneOrRefused(String json) {
        assertEquals("", value(json).textOrEmpty("v"));
        assertThrows(JsonSyntaxException.class, () -> value(json).text("v"));
    }

    @Test
    void nullAndAbsentFieldsHaveNoText() {
        assertEquals("", value("null").textOrEmpty("v"));
        assertEquals("", value("null").textOrEmpty("missing"));
        assertEquals(Optional.empty(), value("null").text("v"));
        assertEquals(Optional.empty(), value("null").text("missing"));
        assertThrows(JsonSyntaxException.class, () -> value("null").require("missing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\x", "\\u12", "\\u12g4", "\\u+123", "\\u", "\\u\uff11\uff11\uff11\uff11"})
    void aBrokenEscapeIsRefused(String content) {
        JsonObject broken = value("\"" + content + "\"");
        assertThrows(JsonSyntaxException.class, () -> broken.textOrEmpty("v"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 41_250, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void anIntegerHasUpTo64Bits(long number) {
        assertEquals(number, value(Long.toString(number)).integer("v"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"7\"",
                "1.5",
                "1e3",
                "9223372036854775808",
                "[7]",
                "{}",
                "00000000000000000000000000000000000000000000000000000000000000007"
            })
    void whatIsNoIntegerIsRefusedWithItsPlace(String json) {
        JsonObject wrong = value(json);
        String message =
                assertThrows(JsonSyntaxException.class, () -> wrong.integer("v")).getMessage();
        assertTrue(message.startsWith("expected an integer, found "), message);
        assertTrue(message.endsWith(", at byte 34"), message);
        assertThrows(JsonSyntaxException.class, () -> wrong.integer("missing"));
    }

    @Test
    void anObjectInTheObjectIsReadTheSameWay() {
        JsonObject inner = value("{\"v\" : {\"v\" : 7}}").object("v").object("v");
        assertEquals(7, inner.integer("v"));
        assertThrows(JsonSyntaxException.class, () -> value("[{}]").object("v"));
        assertThrows(JsonSyntaxException.class, () -> value("{}").object("missing"));
        assertEquals(7, JsonObject.of(of("{\"v\":{\"w\":7}}").require("v")).integer("w"));
        assertThrows(JsonSyntaxException.class, () -> JsonObject.of(of("{\"v\":1}").require("v")));
    }

    @Test
    void anArrayHasItsElements() {
        assertEquals(
                List.of("1", "\"a,]\"", "[2,[]]", "{\"b\":[3]}", "null"),
                of("{\"v\":[ 1 ,\"a,]\",[2,[]],{\"b\":[3]}, null ]}").array("v").stream()
                        .map(JsonValue::toString)
                        .toList());
        assertEquals(List.of(), of("{\"v\":[ ]}").array("v"));
        assertEquals(List.of(), of("{\"v\":null}").array("v"));
        assertEquals(List.of(), of("{}").array("v"));
        assertThrows(JsonSyntaxException.class, () -> of("{\"v\":{}}").array("v"));
        for (String broken : List.of("[1,]", "[,1]", "[1 2]", "[1}", "[NaN]")) {
            assertThrows(
                    JsonSyntaxException.class,
                    () -> new JsonValue(utf8(broken), 0, broken.length()).elements(),
                    broken);
        }
    }

    @Test
    void aValueKnowsItsKindAndIsEqualByItsBytes() {
        assertTrue(JsonValue.of(utf8(" null ")).isNull());
        assertTrue(JsonValue.of(utf8("true")).isTrue());
        assertTrue(JsonValue.of(utf8("{}")).isObject());
        assertTrue(JsonValue.of(utf8("[]")).isArray());
        assertTrue(JsonValue.of(utf8("\"\"")).isString());
        assertEquals(2, JsonValue.of(utf8(" 12 ")).length());
        assertEquals(JsonValue.of(utf8("12")), JsonValue.of(utf8(" 12 ")));
        assertEquals(JsonValue.of(utf8("12")).hashCode(), JsonValue.of(utf8(" 12 ")).hashCode());
        assertNotEquals(JsonValue.of(utf8("12")), JsonValue.of(utf8("13")));
        for (String json : List.of("", " ", "1 2", "\"", "{}}", ",")) {
            assertThrows(JsonSyntaxException.class, () -> JsonValue.of(utf8(json)), json);
        }
        byte[] bytes = utf8("12");
        assertThrows(IllegalArgumentException.class, () -> new JsonValue(bytes, 1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> new JsonValue(bytes, 0, 3));
    }

    @Test
    void quotingIsUndoneByUnescaping() {
        for (String text :
                List.of("", "plain", "\"\\/\b\f\n\r\t\0\u007f\u2028", "é😀", "\ud800x")) {
            byte[] quoted = JsonStrings.quoteToBytes(text);
            assertEquals(text, JsonValue.of(quoted).text());
            assertEquals(JsonStrings.quote(text), new String(quoted, StandardCharsets.UTF_8));
        }
        assertEquals("\"é😀\\\"\\u0001\"", JsonStrings.quote("é😀\"\u0001"));
    }
}
