package loom.dispatch.cache.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where a JSON value in UTF-8 ends, without building anything. Lenient inside: it matches
 * brackets by depth and takes scalars as they are, for what we scan came through a full parser.
 */
final class JsonScanner {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonScanner() {}

    /** The first place at or after {@code at} that is no white space; may be {@code end}. */
    static int skipSpace(byte[] json, int at, int end) {
        int place = at;
        while (place < end && json[place] <= ' ' && json[place] >= 0) {
            place++;
        }
        return place;
    }

    /** The place behind the value that begins at {@code at}. */
    static int skipValue(byte[] json, int at, int end) {
        if (at >= end) {
            throw new JsonFormatException("ends where a value should be");
        }
        return switch (json[at]) {
            case '"' -> skipString(json, at, end);
            case '{', '[' -> skipContainer(json, at, end);
            default -> skipScalar(json, at, end);
        };
    }

    /** The place behind the string whose opening quote is at {@code at}. */
    static int skipString(byte[] json, int at, int end) {
        int place = quoteOrBackslash(json, at + 1, end);
        while (place < end) {
            if (json[place] == '"') {
                return place + 1;
            }
            place = quoteOrBackslash(json, place + 2, end);
        }
        throw new JsonFormatException("ends inside a string");
    }

    /** The next of the two from there on, or the end; looks at eight bytes at once. */
    private static int quoteOrBackslash(byte[] json, int from, int end) {
        int place = from;
        for (; place + Long.BYTES <= end; place += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(json, place);
            long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
            if (found != 0) {
                return place + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (place < end && json[place] != '"' && json[place] != '\\') {
            place++;
        }
        return place;
    }

    /**
     * The highest bit of each byte that is zero. Bytes above the first zero may be marked wrongly,
     * and are not asked about (Hacker's Delight, 6-1).
     */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHEST_BITS;
    }

    private static int skipContainer(byte[] json, int at, int end) {
        int depth = 0;
        int place = at;
        while (place < end) {
            byte one = json[place];
            if (one == '"') {
                place = skipString(json, place, end);
                continue;
            }
            place++;
            // brackets are the same as braces, but for a bit; digits, commas and colons are below
            if (one >= '[') {
                int brace = one | 0x20;
                if (brace == '{') {
                    depth++;
                } else if (brace == '}' && --depth == 0) {
                    return place;
                }
            }
        }
        throw new JsonFormatException("ends inside an object or array");
    }

    private static int skipScalar(byte[] json, int at, int end) {
        int place = at;
        while (place < end && isScalar(json[place])) {
            place++;
        }
        if (place == at) {
            throw new JsonFormatException("has no value where one should be");
        }
        return place;
    }

    private static boolean isScalar(byte one) {
        return one >= 'a' && one <= 'z'
                || one >= '0' && one <= '9'
                || one == '-'
                || one == '+'
                || one == '.'
                || one == 'E';
    }
}
