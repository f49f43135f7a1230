package loom.dispatch.cache;

/**
 * Finds where a JSON value in UTF-8 ends, without building anything. Lenient inside: it matches
 * brackets by depth and takes scalars as they are, for what we scan came through a full parser.
 */
final class JsonScan {
    private JsonScan() {}

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
            throw new JsonFault("ends where a value should be");
        }
        return switch (json[at]) {
            case '"' -> skipString(json, at, end);
            case '{', '[' -> skipContainer(json, at, end);
            default -> skipScalar(json, at, end);
        };
    }

    /** The place behind the string whose opening quote is at {@code at}. */
    static int skipString(byte[] json, int at, int end) {
        for (int place = at + 1; place < end; place++) {
            if (json[place] == '"') {
                return place + 1;
            }
            if (json[place] == '\\') {
                place++;
            }
        }
        throw new JsonFault("ends inside a string");
    }

    private static int skipContainer(byte[] json, int at, int end) {
        int depth = 0;
        int place = at;
        while (place < end) {
            switch (json[place]) {
                case '"' -> place = skipString(json, place, end);
                case '{', '[' -> {
                    depth++;
                    place++;
                }
                case '}', ']' -> {
                    place++;
                    if (--depth == 0) {
                        return place;
                    }
                }
                default -> place++;
            }
        }
        throw new JsonFault("ends inside an object or array");
    }

    private static int skipScalar(byte[] json, int at, int end) {
        int place = at;
        while (place < end && isScalar(json[place])) {
            place++;
        }
        if (place == at) {
            throw new JsonFault("has no value where one should be");
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
