package loom.dispatch.runtime;

/**
 * Walks over the fields of JSON objects in UTF-8 bytes, without building anything.
 *
 * <p>The cursor does not judge what is inside a skipped value: huge numbers and even invalid UTF-8
 * pass. So one odd value in a received message cannot cost a connection. {@link JsonValue} and
 * {@link JsonObject#of(byte[])} check more.
 *
 * <p>The caller must not change the bytes during the walk. For use by one thread.
 */
public final class JsonCursor {
    private final byte[] json;
    private final int end;
    private int at;

    /**
     * Stands at the first byte.
     *
     * @param json may be larger than the text, as a reused buffer is
     * @param length how many of the bytes belong to the text
     */
    public JsonCursor(byte[] json, int length) {
        if (length < 0 || length > json.length) {
            throw new IndexOutOfBoundsException(length + " of " + json.length + " bytes");
        }
        this.json = json;
        this.end = length;
    }

    /** Receives the fields of an object. */
    @FunctionalInterface
    public interface FieldVisitor {
        /**
         * Reads or skips one value.
         *
         * <p>The cursor stands at the first byte of the value. The visitor must move it behind the
         * value, for example by {@link #skipValue}.
         *
         * @param nameStart the index of the name's first byte, behind the quote
         * @param nameEnd the index of the closing quote; escapes in the name are as they were sent
         */
        void visit(int nameStart, int nameEnd);
    }

    /** Returns the index of the byte at which the cursor stands. */
    public int position() {
        return at;
    }

    /** Moves the cursor back to an index at which it has been. */
    public void returnTo(int position) {
        at = position;
    }

    /** Returns whether an object begins at this very byte. */
    public boolean isAtObject() {
        return at < end && json[at] == '{';
    }

    /**
     * Moves the cursor behind the value that begins at this very byte.
     *
     * @throws JsonSyntaxException if the value is missing or does not end
     */
    public void skipValue() {
        at = JsonScanner.skipValue(json, at, end);
    }

    /**
     * Visits each field of the object that begins here, and moves the cursor behind the object.
     *
     * <p>White space may precede the object. The order of the fields is that of the text.
     *
     * @throws JsonSyntaxException if no object begins here, or if it does not end
     */
    public void forEachField(FieldVisitor visitor) {
        skipSpace();
        expect('{');
        skipSpace();
        boolean more = peek() != '}';
        while (more) {
            int nameStart = at + 1;
            expect('"');
            at = JsonScanner.skipContent(json, nameStart, end);
            int nameEnd = at - 1;
            skipSpace();
            expect(':');
            skipSpace();
            visitor.visit(nameStart, nameEnd);
            skipSpace();
            more = peek() == ',';
            if (more) {
                at++;
                skipSpace();
            }
        }
        expect('}');
    }

    private void skipSpace() {
        while (at < end && JsonScanner.isSpace(json[at])) {
            at++;
        }
    }

    private byte peek() {
        if (at >= end) {
            throw new JsonSyntaxException("an object or array does not end", end);
        }
        return json[at];
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw new JsonSyntaxException("'" + wanted + "' is missing", at);
        }
        at++;
    }
}
