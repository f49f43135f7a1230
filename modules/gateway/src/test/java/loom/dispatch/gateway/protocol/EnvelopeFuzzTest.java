package loom.dispatch.gateway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.gateway.FuzzRunner;
import loom.dispatch.gateway.InputMutator;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Checks that the envelope scan agrees with Jackson on all input that Jackson accepts, and that
 * other input does no harm.
 */
final class EnvelopeFuzzTest {
    private static final JsonFactory JSON_FACTORY = new JsonFactory();

    /** The expected result; {@code op} is absent if the scan must refuse the input. */
    private static final class Expected {
        private long op = MessageEnvelope.ABSENT;
        private long sequence = MessageEnvelope.ABSENT;
        private String type = "";
        private Optional<Object> data = Optional.empty();
    }

    @Test
    void scanAgreesWithJackson() {
        InputMutator mutator = new InputMutator(FuzzRunner.envelopes());
        FuzzRunner.envelopes().forEach(EnvelopeFuzzTest::check);
        FuzzRunner.found("envelope").forEach(EnvelopeFuzzTest::check);
        FuzzRunner.run("envelope", random -> check(mutator.next(random)));
    }

    private static void check(byte[] input) {
        String shown = HexFormat.of().formatHex(input);
        // a larger array than the message, as the decoder's buffer
        byte[] buffer = Arrays.copyOf(input, input.length + 8);
        Optional<Expected> expected = expected(input);
        MessageEnvelope envelope;
        try {
            envelope = EnvelopeScanner.scan(buffer, input.length);
        } catch (MalformedFrameException e) {
            boolean refused = expected.filter(known -> known.op >= 0).isEmpty();
            assertTrue(refused, () -> "refused: " + shown);
            return;
        }
        assertTrue(envelope.dataEnd() <= input.length, () -> "beyond the end: " + shown);
        expected.ifPresent(known -> assertAgrees(known, envelope, input, shown));
    }

    private static void assertAgrees(
            Expected known, MessageEnvelope envelope, byte[] input, String shown) {
        assertEquals(known.op, envelope.op(), shown);
        assertEquals(known.sequence, envelope.sequence(), shown);
        assertEquals(known.type, envelope.type(), shown);
        byte[] data = Arrays.copyOfRange(input, envelope.dataStart(), envelope.dataEnd());
        try {
            Optional<Object> found = data.length == 0 ? Optional.empty() : Optional.of(tree(data));
            assertEquals(known.data.map(String::valueOf), found.map(String::valueOf), shown);
        } catch (IOException e) {
            throw new AssertionError("d is not what it was: " + shown, e);
        }
    }

    /**
     * Parses the message with Jackson; empty if it is malformed, or in a form that Discord never
     * sends.
     */
    private static Optional<Expected> expected(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        // Jackson detects encodings from these bytes; the scan does not decode escapes in t and in
        // keys
        if (text.indexOf('\0') >= 0 || text.startsWith("\u00ef") || text.indexOf('\\') >= 0) {
            return Optional.empty();
        }
        try (JsonParser parser = JSON_FACTORY.createParser(input)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Expected expected = new Expected();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                field(parser, input, expected);
            }
            boolean whole = parser.nextToken() == null;
            return whole ? Optional.of(expected) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void field(JsonParser parser, byte[] input, Expected expected)
            throws IOException {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
            case "op" -> {
                long op = integer(parser, token);
                expected.op = op <= Integer.MAX_VALUE ? op : MessageEnvelope.ABSENT;
            }
            case "s" -> expected.sequence = integer(parser, token);
            case "t" -> expected.type = token == JsonToken.VALUE_STRING ? parser.getText() : "";
            case "d" -> {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getByteOffset();
                expected.data = Optional.of(tree(Arrays.copyOfRange(input, start, end)));
            }
            default -> {
                parser.skipChildren();
                parser.finishToken();
            }
        }
    }

    private static long integer(JsonParser parser, JsonToken token) throws IOException {
        boolean known =
                token == JsonToken.VALUE_NUMBER_INT && parser.getText().matches("[0-9]{1,18}");
        long value = known ? parser.getLongValue() : MessageEnvelope.ABSENT;
        parser.skipChildren();
        return value;
    }

    /** Returns a value as a tree. Ignores what follows the value. */
    private static Object tree(byte[] json) throws IOException {
        return String.valueOf(JSON.std.anyFrom(json));
    }
}
