package loom.dispatch.cache.json;

import java.nio.charset.StandardCharsets;

/** Turns JSON strings into text and text into JSON strings. */
public final class JsonStrings {
    private JsonStrings() {}

    /** What stands between the quotes at {@code start - 1} and {@code end}. */
    static String unescaped(byte[] json, int start, int end) {
        String raw = new String(json, start, end - start, StandardCharsets.UTF_8);
        int backslash = raw.indexOf('\\');
        if (backslash < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int at = 0;
        while (backslash >= 0) {
            text.append(raw, at, backslash);
            at = unescape(raw, backslash, text);
            backslash = raw.indexOf('\\', at);
        }
        return text.append(raw, at, raw.length()).toString();
    }

    private static int unescape(String raw, int backslash, StringBuilder text) {
        if (backslash + 1 >= raw.length()) {
            throw new JsonFormatException("ends inside an escape");
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
                text.append(hexadecimal(raw, backslash + 2));
                return backslash + 6;
            }
            default -> throw new JsonFormatException("has an unknown escape");
        }
        return backslash + 2;
    }

    private static char hexadecimal(String raw, int at) {
        try {
            return (char) Integer.parseInt(raw, at, at + 4, 16);
        } catch (NumberFormatException | IndexOutOfBoundsException noCode) {
            throw new JsonFormatException("has a broken \\u escape");
        }
    }

    /** A text as a JSON string with its quotes, in UTF-8. */
    public static byte[] quotedBytes(String text) {
        return quoted(text).getBytes(StandardCharsets.UTF_8);
    }

    /** A text as a JSON string with its quotes. */
    public static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            switch (one) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                default -> {
                    // a lone surrogate has no UTF-8 form, so it goes escaped as the controls do
                    if (one < ' ' || Character.isSurrogate(one)) {
                        json.append("\\u%04x".formatted((int) one));
                    } else {
                        json.append(one);
                    }
                }
            }
        }
        return json.append('"').toString();
    }
}
