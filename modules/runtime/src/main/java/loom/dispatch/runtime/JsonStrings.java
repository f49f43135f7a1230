package loom.dispatch.runtime;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Converts between text and JSON strings (RFC 8259, section 7). */
public final class JsonStrings {
    private static final HexFormat HEX = HexFormat.of();

    private JsonStrings() {}

    /**
     * Decodes the content of a JSON string.
     *
     * @param start the index behind the opening quote
     * @param end the index of the closing quote
     * @throws JsonSyntaxException if an escape is none of JSON's
     */
    public static String unescape(byte[] json, int start, int end) {
        String raw = new String(json, start, end - start, StandardCharsets.UTF_8);
        int backslash = raw.indexOf('\\');
        if (backslash < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int at = 0;
        while (backslash >= 0) {
            text.append(raw, at, backslash);
            at = unescape(raw, backslash, text, start);
            backslash = raw.indexOf('\\', at);
        }
        return text.append(raw, at, raw.length()).toString();
    }

    /** Appends what one escape stands for, and returns the index behind the escape. */
    private static int unescape(String raw, int backslash, StringBuilder text, int start) {
        if (backslash + 1 >= raw.length()) {
            throw new JsonSyntaxException("an escape does not end in the string", start);
        }
        char kind = raw.charAt(backslash + 1);
        switch (kind) {
            case '"', '\\', '/' -> text.append(kind);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                text.append(codeUnit(raw, backslash + 2, start));
                return backslash + 6;
            }
            default -> throw new JsonSyntaxException("an escape is unknown in the string", start);
        }
        return backslash + 2;
    }

    private static char codeUnit(String raw, int at, int start) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            if (i >= raw.length() || !HexFormat.isHexDigit(raw.charAt(i))) {
                throw new JsonSyntaxException("a \\u escape is broken in the string", start);
            }
            code = code << 4 | HexFormat.fromHexDigit(raw.charAt(i));
        }
        return (char) code;
    }

    /** Encodes a text as a JSON string with its quotes, in UTF-8. */
    public static byte[] quoteToBytes(String text) {
        return quote(text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Encodes a text as a JSON string with its quotes.
     *
     * <p>The result is one line that UTF-8 can carry. So more is escaped than JSON requires: all
     * control characters, U+2028, U+2029 and unpaired surrogates.
     */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            switch (one) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (isUnsafe(text, i)) {
                        appendEscaped(json, one);
                    } else {
                        json.append(one);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    /** Appends a char as {@code \}{@code uXXXX}. */
    static void appendEscaped(StringBuilder json, char one) {
        json.append("\\u").append(HEX.toHexDigits(one));
    }

    /** Returns whether a char could end a line, steer a terminal, or has no UTF-8 form. */
    static boolean isUnsafe(String text, int index) {
        char one = text.charAt(index);
        if (Character.isHighSurrogate(one)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(one)) {
            return index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
        }
        return Character.isISOControl(one) || one == '\u2028' || one == '\u2029';
    }
}
