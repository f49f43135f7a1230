package loom.dispatch.servers;

/**
 * A Redis that a test owns. It runs with {@code appendfsync always}: an acknowledged write survives
 * {@link #kill}.
 */
public interface RedisServer extends Server {
    /** The default user's password ({@code --requirepass}); empty if none is set. */
    String password();
}
