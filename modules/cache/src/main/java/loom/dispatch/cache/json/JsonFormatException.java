package loom.dispatch.cache.json;

/** A value is not the JSON that was expected of it. Spoils that value only. */
public final class JsonFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsonFormatException(String message) {
        super(message, null, false, false);
    }
}
