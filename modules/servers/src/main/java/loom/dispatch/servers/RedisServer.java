package loom.dispatch.servers;

/**
 * A Redis that a test owns. It writes every command to its append-only file before it answers
 * ({@code appendfsync always}), so what was acknowledged survives {@link #kill}.
 */
public interface RedisServer extends Server {
    /** The default user's password ({@code --requirepass}); empty when there is none. */
    String password();
}
