package loom.dispatch.broker;

/** How a command ended; anything but {@link Sent} is a refusal. */
public sealed interface CommandResult {

    /** It was written to Discord's socket, or done. */
    record Sent() implements CommandResult {}

    /** The shard has no connection and the command could not wait for one. */
    record NotConnected(int shard) implements CommandResult {}

    /** Discord's limit forbids it until then, milliseconds since 1970. */
    record RateLimited(long untilMillis) implements CommandResult {}

    /** Too much waits for the shard already. */
    record QueueFull(int shard) implements CommandResult {}

    /** The frame has more bytes than Discord takes. */
    record TooLarge(int bytes, int limit) implements CommandResult {}

    /** No process runs that shard. */
    record UnknownShard(int shard) implements CommandResult {}

    /** Its expiration passed before it could be sent. */
    record Expired() implements CommandResult {}

    /** The body is not a command: where in it, and what is wrong. */
    record Malformed(String where, String what) implements CommandResult {}
}
