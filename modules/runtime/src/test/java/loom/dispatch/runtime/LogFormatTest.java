package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every record is text that a machine reads back, whatever the values are. */
final class LogFormatTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final String LOGGER = "loom.dispatch.broker";
    private static final LogFormat TEXT = new LogTextFormat();
    private static final LogFormat JSON_LINES = new LogJsonFormat();

    private static LogEventType type(String name, String... fieldNames) {
        return new LogEventType(name, Level.WARNING, List.of(fieldNames), "m", "a");
    }

    private static String text(LogEvent event) {
        return TEXT.line(TIME, Level.WARNING, LOGGER, event);
    }

    private static String json(LogEvent event) {
        return JSON_LINES.line(TIME, Level.WARNING, LOGGER, event);
    }

    @Test
    void anEventIsKeysAndValues() {
        LogEvent event =
                type("rabbit.lost", "connection", "reason", "retry_ms")
                        .with(0, "reset by peer", 20);
        assertEquals(
                "time=2026-01-02T03:04:05.678Z level=warn logger=loom.dispatch.broker"
                        + " event=rabbit.lost connection=0 reason=\"reset by peer\" retry_ms=20",
                text(event));
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"warn\","
                        + "\"logger\":\"loom.dispatch.broker\",\"event\":\"rabbit.lost\","
                        + "\"connection\":0,\"reason\":\"reset by peer\",\"retry_ms\":20}",
                json(event));
    }

    @ParameterizedTest
    @CsvSource({"ERROR,error", "WARNING,warn", "INFO,info", "DEBUG,debug", "TRACE,trace"})
    void levelsHaveShortWords(Level level, String word) {
        String line = TEXT.line(TIME, level, LOGGER, LogEvent.ofLibrary("x"));
        assertTrue(line.contains(" level=" + word + " "), line);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain, plain",
                "é😀, é😀",
                "C:\\temp, C:\\temp",
                "``, \"\"",
                "a b, \"a b\"",
                "a=b, \"a=b\"",
                "say \"x\", \"say \\\"x\\\"\"",
                "a \\, \"a \\\\\"",
            })
    void onlyWhatNeedsQuotesHasThem(String value, String written) {
        assertTrue(text(type("a.b", "x").with(value)).endsWith(" x=" + written), written);
    }

    @ParameterizedTest
    @CsvSource({
        "000a, \\n",
        "000d, \\r",
        "0009, \\t",
        "0000, \\u0000",
        "001b, \\u001b",
        "007f, \\u007f",
        "0085, \\u0085",
        "2028, \\u2028",
        "2029, \\u2029",
        "d800, \\ud800",
        "dc00, \\udc00"
    })
    void whatCouldForgeALineIsEscapedInBothFormats(String code, String escape) {
        String value = "a" + (char) Integer.parseInt(code, 16) + "b";
        LogEvent event = type("a.b", "x").with(value);
        assertTrue(text(event).endsWith(" x=\"a" + escape + "b\""), text(event));
        assertTrue(json(event).endsWith(",\"x\":\"a" + escape + "b\"}"), json(event));
    }

    @Test
    void inJsonNumbersAreNumbersAndIdsStayText() throws Exception {
        Map<String, Object> object =
                JSON.std.mapFrom(
                        json(
                                type("shard.lost", "shard", "guild", "clean", "part", "zero")
                                        .with(3, 1234567890123456789L, true, 1.5, "007")));
        assertEquals(
                List.of(
                        "time", "level", "logger", "event", "shard", "guild", "clean", "part",
                        "zero"),
                List.copyOf(object.keySet()));
        assertEquals(3, object.get("shard"));
        assertEquals("1234567890123456789", object.get("guild"));
        assertEquals(true, object.get("clean"));
        assertEquals("1.5", object.get("part"));
        assertEquals("007", object.get("zero"));
    }

    @Test
    void whatALibrarySaysIsText() throws Exception {
        LogEvent event = LogEvent.ofLibrary(" Something \"odd\"\nhappened event=forged ");
        Map<String, Object> object = JSON.std.mapFrom(json(event));
        assertEquals("log", object.get("event"));
        assertEquals("Something \"odd\"\nhappened event=forged", object.get("text"));
        assertEquals(1, text(event).lines().count());
    }

    @Test
    void anErrorIsToldWithItsCauses() throws Exception {
        Throwable deep = new RuntimeException("deep \u001b[2J\n    at forged");
        LogEvent event =
                type("service.failed").with().causedBy(new IllegalStateException("a\nb", deep));
        String text = text(event);
        assertTrue(text.contains(" cause=\"java.lang.IllegalStateException: a b\"\n    at "), text);
        assertTrue(
                text.contains(
                        "\n    caused by java.lang.RuntimeException: deep \\u001b[2J at forged\n"),
                text);
        Map<String, Object> object = JSON.std.mapFrom(json(event));
        assertEquals("java.lang.IllegalStateException: a b", object.get("cause"));
        assertEquals(text.substring(text.indexOf('\n') + 1), object.get("trace"));
        assertEquals(1, json(event).lines().count());
    }

    @Test
    void aChainOfCausesIsCutEvenIfItIsACircle() {
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second", first);
        first.initCause(second);
        String[] lines = text(type("a.b").with().causedBy(first)).split("\n");
        assertEquals(4, List.of(lines).stream().filter(l -> l.contains("caused by")).count());
    }

    /** Both formats are read back to the fields that went in, whatever their values are. */
    @Test
    void hostileValuesAreReadBackAsTheyWere() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        LogEventType type = type("a.b", "first", "second", "third");
        for (int round = 0; round < 20_000; round++) {
            LogEvent event = type.with(hostile(random), hostile(random), hostile(random));
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("time", "2026-01-02T03:04:05.678Z");
            expected.put("level", "warn");
            expected.put("logger", LOGGER);
            expected.put("event", "a.b");
            expected.putAll(event.fields());
            String shown = "seed " + seed + ": " + event.fields();
            assertEquals(expected, parsed(text(event)), shown);
            Map<String, String> read = new LinkedHashMap<>();
            JSON.std.mapFrom(json(event)).forEach((name, value) -> read.put(name, value + ""));
            assertEquals(expected, read, shown);
            for (String line : List.of(text(event), json(event))) {
                assertTrue(isOneLine(line), shown);
                byte[] utf8 = line.getBytes(StandardCharsets.UTF_8);
                assertEquals(line, new String(utf8, StandardCharsets.UTF_8), shown);
            }
        }
    }

    private static boolean isOneLine(String line) {
        return line.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }

    private static String hostile(RandomGenerator random) {
        String alphabet =
                "aZ09 \"\"\\\\==\n\r\t\b\f\0\u001b\u007f\u0085\u2028\u2029\ud83d\ude00\ud800{},:-.";
        var value = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            switch (random.nextInt(12)) {
                case 0 -> value.append(" level=error");
                case 1 -> value.append("\\u000a");
                case 2 -> value.append((char) random.nextInt(Character.MAX_VALUE + 1));
                default -> value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
        }
        return value.toString();
    }

    private static final Pattern FIELD =
            Pattern.compile("([a-z_]+)=(?:(\"(?:[^\"\\\\]|\\\\.)*\")|([^ \"=]+))( |$)");

    /** An independent reader of the text form: quoted values are JSON strings, others literal. */
    private static Map<String, String> parsed(String line) throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(line);
        int at = 0;
        while (at < line.length()) {
            assertTrue(field.region(at, line.length()).lookingAt(), () -> "no field: " + line);
            String value =
                    field.group(2) == null
                            ? field.group(3)
                            : JSON.std.beanFrom(String.class, field.group(2));
            fields.put(field.group(1), value);
            at = field.end();
        }
        return fields;
    }
}
