package loom.dispatch.runtime;

/**
 * Reports that bytes are not the JSON that the caller expects.
 *
 * <p>It has no stack trace: it is thrown for each unreadable message, and its text says enough. The
 * text may contain up to 64 characters of the input.
 */
public final class JsonSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * Names what is wrong.
     *
     * @param problem what is wrong, for example {@code "a string does not end"}
     * @param position the index of the byte in the array that is scanned, from 0
     */
    public JsonSyntaxException(String problem, int position) {
        super(problem + ", at byte " + position, null, false, false);
        this.position = position;
    }

    /** Returns the index of the byte in the array that was scanned. */
    public int position() {
        return position;
    }
}
