package loom.dispatch.gateway.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks over JSON bytes without building anything: skips values by their quotes and brackets.
 *
 * <p>What lies inside a skipped value is not judged: unknown fields, huge numbers and even invalid
 * UTF-8 pass, so that one odd event can never stop a shard. Used by one thread.
 */
final class JsonCursor {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private final byte[] bytes;
    private final int length;
    private int at;

    /** Stands at the first of {@code length} bytes. */
    JsonCursor(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    int at() {
        return at;
    }

    /** Visits the keys of an object. */
    @FunctionalInterface
    interface Visitor {
        /** A key, between its quotes; the cursor stands at its value, and is to be moved behind. */
        void visit(int keyStart, int keyEnd) throws MalformedFrameException;
    }

    /** Visits each key of the object that begins here, and ends behind it. */
    void object(Visitor visitor) throws MalformedFrameException {
        blanks();
        expect('{');
        blanks();
        boolean more = peek() != '}';
        while (more) {
            int keyStart = at + 1;
            string();
            int keyEnd = at - 1;
            blanks();
            expect(':');
            blanks();
            visitor.visit(keyStart, keyEnd);
            blanks();
            more = peek() == ',';
            if (more) {
                at++;
                blanks();
            }
        }
        expect('}');
    }

    /** Goes back to a place where it has been. */
    void returnTo(int place) {
        at = place;
    }

    boolean isAtObject() {
        return at < length && bytes[at] == '{';
    }

    /** Skips the value that begins here. */
    void value() throws MalformedFrameException {
        switch (peek()) {
            case '"' -> string();
            case '{', '[' -> nested();
            default -> scalar();
        }
    }

    private void string() throws MalformedFrameException {
        expect('"');
        at = behindString(at);
    }

    /** The place behind the string whose content begins at a place. */
    private int behindString(int content) throws MalformedFrameException {
        int i = quoteOrBackslash(content);
        while (i < length) {
            if (bytes[i] == '"') {
                return i + 1;
            }
            i = quoteOrBackslash(i + 2);
        }
        throw new MalformedFrameException("a string does not end");
    }

    /** The next of the two from there on, or the end; looks at eight bytes at once. */
    private int quoteOrBackslash(int from) {
        int i = from;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(bytes, i);
            long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (i < length && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /**
     * The highest bit of each byte that is zero. Bytes above the first zero may be marked wrongly,
     * and are not asked about (Hacker's Delight, 6-1).
     */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHEST_BITS;
    }

    private void nested() throws MalformedFrameException {
        int depth = 0;
        int i = at;
        while (i < length) {
            byte one = bytes[i++];
            if (one == '"') {
                i = behindString(i);
            } else if (one >= '[') {
                // brackets are braces but for a bit; digits, commas and colons are below them
                int brace = one | 0x20;
                if (brace == '{') {
                    depth++;
                } else if (brace == '}' && --depth == 0) {
                    at = i;
                    return;
                }
            }
        }
        throw new MalformedFrameException("the message ends too early, at byte " + length);
    }

    private void scalar() throws MalformedFrameException {
        int start = at;
        while (at < length && !isEnd(bytes[at])) {
            at++;
        }
        if (at == start) {
            throw new MalformedFrameException("a value is missing at byte " + at);
        }
    }

    private static boolean isEnd(byte b) {
        return b == ',' || b == '}' || b == ']' || isBlank(b);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void blanks() {
        while (at < length && isBlank(bytes[at])) {
            at++;
        }
    }

    private byte peek() throws MalformedFrameException {
        if (at >= length) {
            throw new MalformedFrameException("the message ends too early, at byte " + length);
        }
        return bytes[at];
    }

    private void expect(char wanted) throws MalformedFrameException {
        if (peek() != wanted) {
            throw new MalformedFrameException(
                    "expected '" + wanted + "' at byte " + at + ", found byte " + bytes[at]);
        }
        at++;
    }
}
