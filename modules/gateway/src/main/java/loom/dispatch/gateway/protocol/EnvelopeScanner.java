package loom.dispatch.gateway.protocol;

import loom.dispatch.runtime.JsonCursor;
import loom.dispatch.runtime.JsonSyntaxException;

import java.nio.charset.StandardCharsets;

/**
 * Finds op, s, t, the range of d, and the guild id in a gateway message, without building a tree.
 *
 * <p>Keys may come in any order, and unknown keys are skipped (protocol section 1.3). ADR 2
 * explains why no parser is used.
 */
public final class EnvelopeScanner {
    private final byte[] bytes;
    private final JsonCursor cursor;
    private final GuildIdScanner guild;
    private long op = MessageEnvelope.ABSENT;
    private long sequence = MessageEnvelope.ABSENT;
    private String type = "";
    private int dataStart;
    private int dataEnd;

    private EnvelopeScanner(byte[] bytes, int length) {
        this.bytes = bytes;
        this.cursor = new JsonCursor(bytes, length);
        this.guild = new GuildIdScanner(bytes, cursor);
    }

    /**
     * Scans one message.
     *
     * @param length the number of bytes that belong to the message
     * @throws MalformedFrameException if the message is no JSON object with an integer op
     */
    public static MessageEnvelope scan(byte[] bytes, int length) throws MalformedFrameException {
        var scanner = new EnvelopeScanner(bytes, length);
        try {
            scanner.cursor.forEachField(scanner::field);
        } catch (JsonSyntaxException e) {
            throw new MalformedFrameException(e.getMessage());
        }
        if (scanner.op < 0 || scanner.op > Integer.MAX_VALUE) {
            throw new MalformedFrameException("op is missing or no integer");
        }
        return new MessageEnvelope(
                (int) scanner.op,
                scanner.sequence,
                scanner.type,
                scanner.dataStart,
                scanner.dataEnd,
                scanner.guild.of(scanner.type));
    }

    private void field(int keyStart, int keyEnd) {
        int start = cursor.position();
        if (keyEnd - keyStart == 1 && bytes[keyStart] == 'd') {
            guild.skipData();
            dataStart = start;
            dataEnd = cursor.position();
            return;
        }
        cursor.skipValue();
        int end = cursor.position();
        if (keyEnd - keyStart == 1) {
            switch (bytes[keyStart]) {
                case 's' -> sequence = integer(start, end);
                case 't' -> type = text(start, end);
                default -> {}
            }
        } else if (keyEnd - keyStart == 2 && bytes[keyStart] == 'o' && bytes[keyStart + 1] == 'p') {
            op = integer(start, end);
        }
    }

    /** Returns an integer, or {@link MessageEnvelope#ABSENT} for any other value. */
    private long integer(int start, int end) {
        // 18 digits always fit into a long
        if (end - start > 18) {
            return MessageEnvelope.ABSENT;
        }
        long result = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return MessageEnvelope.ABSENT;
            }
            result = result * 10 + digit;
        }
        return result;
    }

    /** Returns the content of a string, or the empty text for any other value. */
    private String text(int start, int end) {
        return bytes[start] == '"'
                ? new String(bytes, start + 1, end - start - 2, StandardCharsets.UTF_8)
                : "";
    }
}
