package loom.dispatch.simulator.world;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Encodes a JSON tree as compact UTF-8 into one growing array, so that a guild of 64 MB needs no
 * intermediate string. Used by one thread at a time.
 */
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer;
    private int length;

    JsonWriter(int capacity) {
        buffer = new byte[capacity];
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    JsonWriter value(Object tree) {
        switch (tree) {
            case null -> ascii("null");
            case String text -> string(text);
            case Json.Raw raw -> bytes(raw.bytes());
            case Number number -> ascii(number.toString());
            case Boolean flag -> ascii(flag.toString());
            case Map<?, ?> map -> object(map);
            case List<?> list -> array(list);
            default -> throw new IllegalArgumentException("not JSON: " + tree.getClass());
        }
        return this;
    }

    private void object(Map<?, ?> map) {
        byte separator = '{';
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            put(separator);
            string((String) entry.getKey());
            put((byte) ':');
            value(entry.getValue());
            separator = ',';
        }
        if (separator == '{') {
            put(separator);
        }
        put((byte) '}');
    }

    private void array(List<?> list) {
        byte separator = '[';
        for (Object each : list) {
            put(separator);
            value(each);
            separator = ',';
        }
        if (separator == '[') {
            put(separator);
        }
        put((byte) ']');
    }

    private void string(String text) {
        put((byte) '"');
        int start = length;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = start;
                escaped(text.getBytes(StandardCharsets.UTF_8));
                break;
            }
            escaped((byte) c);
        }
        put((byte) '"');
    }

    private void escaped(byte[] utf8) {
        for (byte b : utf8) {
            escaped(b);
        }
    }

    private void escaped(byte b) {
        if (b == '"' || b == '\\') {
            put((byte) '\\');
            put(b);
        } else if (b >= 0 && b < 0x20) {
            ascii("\\u00");
            put(HEX[b >> 4]);
            put(HEX[b & 15]);
        } else {
            put(b);
        }
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            put((byte) text.charAt(i));
        }
    }

    private void bytes(byte[] raw) {
        reserve(raw.length);
        System.arraycopy(raw, 0, buffer, length, raw.length);
        length += raw.length;
    }

    private void put(byte b) {
        reserve(1);
        buffer[length++] = b;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
        }
    }
}
