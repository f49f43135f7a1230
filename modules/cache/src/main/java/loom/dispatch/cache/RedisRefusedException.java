package loom.dispatch.cache;

/** Redis is there and will never serve us as configured; waiting does not help. */
public final class RedisRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
