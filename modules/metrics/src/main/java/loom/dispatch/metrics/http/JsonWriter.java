package loom.dispatch.metrics.http;

import java.util.Locale;

/** Writes JSON (RFC 8259) into a string and inserts the commas. Used by one thread. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder(1024);
    private boolean comma;

    /** Begins an object or an array. */
    JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    JsonWriter close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    /** Writes the name of the next value. */
    JsonWriter name(String name) {
        text(name);
        out.append(':');
        comma = false;
        return this;
    }

    JsonWriter field(String name, String value) {
        return name(name).text(value);
    }

    JsonWriter element(long value) {
        return raw(Long.toString(value));
    }

    JsonWriter field(String name, long value) {
        return name(name).raw(Long.toString(value));
    }

    JsonWriter field(String name, boolean value) {
        return name(name).raw(Boolean.toString(value));
    }

    JsonWriter nothing(String name) {
        return name(name).raw("null");
    }

    /** Writes a number with one decimal; writes null if it is not finite, as JSON requires. */
    JsonWriter tenths(double value) {
        return raw(Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "null");
    }

    private JsonWriter raw(String value) {
        separate();
        out.append(value);
        return this;
    }

    private JsonWriter text(String value) {
        separate();
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
