package loom.dispatch.gateway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Checks how the fields of a small object are read. */
final class JsonFieldsTest {
    private static JsonFields fields(String json) throws MalformedFrameException {
        return JsonFields.of(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonFields value(String json) throws MalformedFrameException {
        return fields("{ \"before\" : [1, {\"v\": 2}],\n\"v\" : " + json + ",\"after\":null}");
    }

    @Test
    void aTextIsReadWithItsEscapesAndBeyondAscii() throws Exception {
        assertEquals("wss://x/é😀", value("\"wss:\\/\\/x\\/\\u00e9\\ud83d\\ude00\"").text("v"));
        assertEquals("é😀", value("\"é😀\"").text("v"));
        assertEquals("a\"b\\", value("\"a\\\"b\\\\\"").text("v"));
        assertEquals("", value("\"\"").text("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "true", "[\"a\"]", "{\"a\":\"b\"}"})
    void whatIsNoTextIsAnEmptyOne(String json) throws Exception {
        assertEquals("", value(json).text("v"));
        assertEquals("", value(json).text("missing"));
    }

    @Test
    void aBrokenEscapeIsToldWithItsKey() throws Exception {
        JsonFields broken = value("\"\\x\"");
        String told =
                assertThrows(MalformedFrameException.class, () -> broken.text("v")).getMessage();
        assertTrue(told.startsWith("v "), told);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 41_250, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void anIntegerHasUpTo64Bits(long number) throws Exception {
        assertEquals(number, value(Long.toString(number)).integer("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"7\"", "1.5", "1e3", "9223372036854775808", "[7]", "{}"})
    void whatIsNoIntegerIsToldWithItsKey(String json) throws Exception {
        JsonFields wrong = value(json);
        String told =
                assertThrows(MalformedFrameException.class, () -> wrong.integer("v")).getMessage();
        assertEquals("v is missing or no integer", told);
        assertThrows(MalformedFrameException.class, () -> wrong.integer("missing"));
    }

    @Test
    void anObjectInTheObjectIsReadTheSameWay() throws Exception {
        JsonFields inner = value("{\"v\" : {\"v\" : 7}}").object("v").object("v");
        assertEquals(7, inner.integer("v"));
        JsonFields wrong = value("[{}]");
        assertThrows(MalformedFrameException.class, () -> wrong.object("v"));
        assertThrows(MalformedFrameException.class, () -> wrong.object("missing"));
    }

    @Test
    void theLastOfTwoSuchKeysCountsAsWithAParser() throws Exception {
        assertEquals(2, fields("{\"v\":1,\"v\":2}").integer("v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{\"v\":", "{\"v\" 1}", "{\"v\":\"", "<html>"})
    void whatIsNoObjectIsToldAtOnce(String json) {
        assertThrows(MalformedFrameException.class, () -> fields(json));
    }
}
