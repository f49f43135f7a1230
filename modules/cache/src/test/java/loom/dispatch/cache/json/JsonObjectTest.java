package loom.dispatch.cache.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An object's fields are found wherever quotes, brackets and escapes stand. */
final class JsonObjectTest {
    private static final String TRAPS =
            """
             {"a" : "}]\\" , ",
              "unicode":"\u00e4\ud83d\ude00 and ä😀",
              "nested":{"a":[{"b":"]}\\\\"},[[]]],"id":"1"},
              "eight678":"1234567\\"9",
              "empty":"", "none":{}, "list":[], "null":null,
              "number":-1.5E+10,"id":"2", "no":false}
            \
            """;

    private static JsonObject of(String json) {
        return JsonObject.of(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyFieldHasItsValueAsItWasWritten() {
        JsonObject fields = of(TRAPS);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            JsonSlice value = fields.value(i);
            found.add(fields.name(i) + "=" + new String(value.toBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                List.of(
                        "a=\"}]\\\" , \"",
                        "unicode=\"\u00e4\ud83d\ude00 and ä😀\"",
                        "nested={\"a\":[{\"b\":\"]}\\\\\"},[[]]],\"id\":\"1\"}",
                        "eight678=\"1234567\\\"9\"",
                        "empty=\"\"",
                        "none={}",
                        "list=[]",
                        "null=null",
                        "number=-1.5E+10",
                        "id=\"2\"",
                        "no=false"),
                found);
        assertEquals("2", fields.require("id").text());
        assertEquals(TRAPS.strip(), new String(fields.object().toBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void theLastOfTwoEqualNamesCounts() {
        assertEquals("2", of("{\"id\":\"1\",\"id\":\"2\"}").require("id").text());
    }

    @Test
    void whereverAnObjectIsCutItIsAFaultAndNothingElse() {
        byte[] whole = TRAPS.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(
                    JsonFormatException.class,
                    () -> JsonObject.of(cut),
                    () -> "cut at " + cut.length);
        }
    }

    @Test
    void whatIsNoObjectIsAFault() {
        for (String json :
                List.of(
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
                        "{\"a\":1 \"b\":2}")) {
            assertThrows(JsonFormatException.class, () -> of(json), json);
        }
    }
}
