package loom.dispatch.cache;

/** Redis cannot serve us now and may later: unreachable, loading, failing over or out of memory. */
public final class RedisUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
