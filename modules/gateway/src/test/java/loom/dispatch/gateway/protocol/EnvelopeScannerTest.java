package loom.dispatch.gateway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Checks that the scan finds the envelope among imitations, and refuses all other input. */
final class EnvelopeScannerTest {
    private static final byte[] TRAPS =
            """
            {"d":{"op":7,"s":99,"t":"NO","d":{"x":"\\"}],\\\\","y":[1,{"op":3}]},"text":"{\\"op\\":9"},
             "extra":[{"op":5}],"t":"MESSAGE_CREATE","unknown":null,"s":42,"op":0}\
            """
                    .getBytes(StandardCharsets.UTF_8);

    @Test
    void keysInStringsAndNestedObjectsAreIgnored() throws Exception {
        MessageEnvelope envelope = EnvelopeScanner.scan(TRAPS, TRAPS.length);
        assertEquals(0, envelope.op());
        assertEquals(42, envelope.sequence());
        assertEquals("MESSAGE_CREATE", envelope.type());
        String data = data(TRAPS, envelope);
        assertTrue(data.startsWith("{\"op\":7") && data.endsWith("\"{\\\"op\\\":9\"}"), data);
    }

    @Test
    void rangeOfEveryKindOfDataIsExact() throws Exception {
        for (String data :
                List.of("{}", "[]", "null", "true", "-1.5e3", "\"a\\\"b\"", "[1,[2,{}]]", "0")) {
            for (String form :
                    List.of(
                            "{\"op\":0,\"s\":1,\"t\":\"X\",\"d\":%s}",
                            "{ \"d\" :\t%s\n, \"t\":\"X\",\"s\":1,\"op\":0 }")) {
                byte[] bytes = form.formatted(data).getBytes(StandardCharsets.UTF_8);
                assertEquals(data, data(bytes, EnvelopeScanner.scan(bytes, bytes.length)), form);
            }
        }
    }

    @Test
    void nullAndMissingFieldsAreAbsent() throws Exception {
        byte[] ack = "{\"op\":11}".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                new MessageEnvelope(11, MessageEnvelope.ABSENT, "", 0, 0, ""),
                EnvelopeScanner.scan(ack, ack.length));
        byte[] hello =
                "{\"t\":null,\"s\":null,\"op\":10,\"d\":{}}".getBytes(StandardCharsets.UTF_8);
        MessageEnvelope envelope = EnvelopeScanner.scan(hello, hello.length);
        assertEquals(MessageEnvelope.ABSENT, envelope.sequence());
        assertEquals("", envelope.type());
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < TRAPS.length; length++) {
            int cut = length;
            assertThrows(
                    MalformedFrameException.class,
                    () -> EnvelopeScanner.scan(Arrays.copyOf(TRAPS, cut), cut),
                    "cut at " + cut);
            // bytes behind the message do not count, as in the decoder's buffer
            assertThrows(
                    MalformedFrameException.class,
                    () -> EnvelopeScanner.scan(TRAPS, cut),
                    "cut at " + cut);
        }
    }

    @Test
    void malformedEnvelopeIsRefused() {
        for (String text :
                List.of("[]", "1", "\"x\"", "{}", "{\"op\":\"0\"}", "{\"op\":-1}", "{op:0}")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThrows(
                    MalformedFrameException.class,
                    () -> EnvelopeScanner.scan(bytes, bytes.length),
                    text);
        }
    }

    @Test
    void invalidUtf8AndHugeNumbersInsideDataPassThrough() throws Exception {
        byte[] bytes =
                "{\"op\":0,\"s\":1,\"t\":\"X\",\"d\":{\"a\":\"?\",\"n\":123456789012345678901234567890}}"
                        .getBytes(StandardCharsets.ISO_8859_1);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xFF;
        MessageEnvelope envelope = EnvelopeScanner.scan(bytes, bytes.length);
        assertEquals(bytes.length - 1, envelope.dataEnd());
    }

    /** Scans random bytes: the scan ends, and finds an envelope where a strict parser does. */
    @Test
    void randomDamageNeverHangsOrContradictsStrictParser() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int accepted = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = TRAPS.clone();
            for (int damage = random.nextInt(4); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) "{}[]\",:\\ \n0a".charAt(random.nextInt(12));
            }
            long strict = strictOp(bytes);
            if (strict >= 0) {
                accepted++;
                MessageEnvelope envelope = EnvelopeScanner.scan(bytes, bytes.length);
                assertEquals(
                        strict,
                        envelope.op(),
                        "seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8));
            } else {
                scanAnything(bytes);
            }
        }
        assertTrue(accepted > 10_000, "the damage must leave something to compare");
    }

    private static void scanAnything(byte[] bytes) {
        try {
            EnvelopeScanner.scan(bytes, bytes.length);
        } catch (MalformedFrameException e) {
            assertTrue(e.getMessage().length() > 5);
        }
    }

    /**
     * Returns the op of the last key "op" by Jackson; negative if the input is no valid envelope.
     */
    private static long strictOp(byte[] bytes) {
        try (JsonParser parser = new JsonFactory().createParser(bytes)) {
            long op = -1;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return -1;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isOp = parser.currentName().equals("op");
                JsonToken value = parser.nextToken();
                if (isOp) {
                    op = value == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
                }
                parser.skipChildren();
            }
            return parser.nextToken() == null ? op : -1;
        } catch (java.io.IOException _) {
            return -1;
        }
    }

    private static String data(byte[] bytes, MessageEnvelope envelope) {
        return new String(
                bytes,
                envelope.dataStart(),
                envelope.dataEnd() - envelope.dataStart(),
                StandardCharsets.UTF_8);
    }
}
