package loom.dispatch.cache;

/** A value is not the JSON that was expected of it. Spoils that value only. */
final class JsonFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonFault(String message) {
        super(message, null, false, false);
    }
}
