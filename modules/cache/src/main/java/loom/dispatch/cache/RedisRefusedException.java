package loom.dispatch.cache;

/**
 * Reports that Redis refuses this configuration, for example the password. Retrying does not help.
 */
public final class RedisRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
