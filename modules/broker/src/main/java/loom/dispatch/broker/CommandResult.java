package loom.dispatch.broker;

import java.util.List;

/** How a command ended; anything but {@link Sent} is a refusal. */
public sealed interface CommandResult {

    /** All names, so that counters exist before the first result. */
    List<String> NAMES =
            List.of(
                    "sent",
                    "not_connected",
                    "rate_limited",
                    "queue_full",
                    "too_large",
                    "unknown_shard",
                    "expired",
                    "malformed");

    /** The result's name in replies, metrics and the header of rejected commands. */
    default String name() {
        return switch (this) {
            case Sent _ -> "sent";
            case NotConnected _ -> "not_connected";
            case RateLimited _ -> "rate_limited";
            case QueueFull _ -> "queue_full";
            case TooLarge _ -> "too_large";
            case UnknownShard _ -> "unknown_shard";
            case Expired _ -> "expired";
            case Malformed _ -> "malformed";
        };
    }

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
