package loom.dispatch.cache;

/**
 * Reports that Redis cannot serve requests now but may later: it is unreachable, loading, failing
 * over or out of memory.
 */
public final class RedisUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
