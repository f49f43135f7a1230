package loom.dispatch.broker;

import java.util.List;

/** The outcome of a command; every outcome except {@link Sent} is a rejection. */
public sealed interface CommandResult {

    /** The names of all results, so that their counters exist from the start. */
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

    /** The frame was written to Discord's socket, or the command was carried out. */
    record Sent() implements CommandResult {}

    /** The shard has no connection, and the command could not wait for one. */
    record NotConnected(int shard) implements CommandResult {}

    /** A rate limit blocks the command until this time, in milliseconds since the Unix epoch. */
    record RateLimited(long untilMillis) implements CommandResult {}

    /** The shard's queue of commands is full. */
    record QueueFull(int shard) implements CommandResult {}

    /** The frame is larger than Discord accepts. */
    record TooLarge(int bytes, int limit) implements CommandResult {}

    /** The shard does not exist, or no queue for it exists. */
    record UnknownShard(int shard) implements CommandResult {}

    /** The command expired before it could be sent. */
    record Expired() implements CommandResult {}

    /** The body is not a valid command: the location and the error. */
    record Malformed(String where, String what) implements CommandResult {}
}
