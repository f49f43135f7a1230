package loom.dispatch.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of a JSON value in UTF-8 bytes, without building anything.
 *
 * <p>It skips strings by their quotes and containers by the depth of their brackets. It does not
 * check what is inside a container. Two rule sets differ outside of containers only:
 *
 * <ul>
 *   <li>Lenient: a scalar is every run of bytes up to a comma, a closing bracket or white space.
 *       Received messages need that: one odd value in a skipped field must not cost a connection.
 *   <li>Strict: a scalar consists of bytes that occur in JSON numbers and literals. Values that are
 *       stored or merged need that: a damaged scalar must not be copied. Every ASCII control
 *       character counts as white space.
 * </ul>
 */
final class JsonScanner {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonScanner() {}

    /** Returns the first index from {@code at} on that is no white space; may be {@code end}. */
    static int skipSpace(byte[] json, int at, int end) {
        int place = at;
        while (place < end && isSpace(json[place])) {
            place++;
        }
        return place;
    }

    /** As {@link #skipSpace}, by the strict rules. */
    static int skipSpaceStrictly(byte[] json, int at, int end) {
        int place = at;
        while (place < end && json[place] <= ' ' && json[place] >= 0) {
            place++;
        }
        return place;
    }

    /** Returns the index behind the value that begins at {@code at}. */
    static int skipValue(byte[] json, int at, int end) {
        if (at >= end) {
            throw missingValue(at);
        }
        return switch (json[at]) {
            case '"' -> skipString(json, at, end);
            case '{', '[' -> skipContainer(json, at, end);
            default -> skipScalar(json, at, end);
        };
    }

    /** As {@link #skipValue}, by the strict rules. */
    static int skipValueStrictly(byte[] json, int at, int end) {
        if (at >= end) {
            throw missingValue(at);
        }
        return switch (json[at]) {
            case '"' -> skipString(json, at, end);
            case '{', '[' -> skipContainer(json, at, end);
            default -> skipScalarStrictly(json, at, end);
        };
    }

    /** Returns the index behind the string whose opening quote is at {@code at}. */
    static int skipString(byte[] json, int at, int end) {
        return skipContent(json, at + 1, end);
    }

    /** Returns the index behind the string whose content begins at {@code at}. */
    static int skipContent(byte[] json, int at, int end) {
        int place = quoteOrBackslash(json, at, end);
        while (place < end) {
            if (json[place] == '"') {
                return place + 1;
            }
            place = quoteOrBackslash(json, place + 2, end);
        }
        throw new JsonSyntaxException("a string does not end", end);
    }

    /** Returns the index of the next of the two, or an index that is not below the end. */
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
     * Sets the highest bit of each byte that is zero. It may also set the bit of bytes above the
     * first zero, which the caller ignores (Hacker's Delight, 6-1).
     */
    private static long zeros(long eight) {
        return eight - ONES & ~eight & HIGHEST_BITS;
    }

    private static int skipContainer(byte[] json, int at, int end) {
        int depth = 0;
        int place = at;
        while (place < end) {
            byte one = json[place++];
            if (one == '"') {
                place = skipContent(json, place, end);
            } else if (one >= '[') {
                // digits, commas and colons are below '['; a bracket and its brace differ in one
                // bit
                int brace = one | 0x20;
                if (brace == '{') {
                    depth++;
                } else if (brace == '}' && --depth == 0) {
                    return place;
                }
            }
        }
        throw new JsonSyntaxException("an object or array does not end", end);
    }

    private static int skipScalar(byte[] json, int at, int end) {
        int place = at;
        while (place < end && !isEndOfScalar(json[place])) {
            place++;
        }
        if (place == at) {
            throw missingValue(at);
        }
        return place;
    }

    private static int skipScalarStrictly(byte[] json, int at, int end) {
        int place = at;
        while (place < end && isScalar(json[place])) {
            place++;
        }
        if (place == at) {
            throw missingValue(at);
        }
        return place;
    }

    private static boolean isEndOfScalar(byte one) {
        return one == ',' || one == '}' || one == ']' || isSpace(one);
    }

    static boolean isSpace(byte one) {
        return one == ' ' || one == '\n' || one == '\r' || one == '\t';
    }

    private static boolean isScalar(byte one) {
        return one >= 'a' && one <= 'z'
                || one >= '0' && one <= '9'
                || one == '-'
                || one == '+'
                || one == '.'
                || one == 'E';
    }

    private static JsonSyntaxException missingValue(int at) {
        return new JsonSyntaxException("a value is missing", at);
    }
}
