package loom.dispatch.broker;

/** A worker's command for one shard. {@code data} is the raw JSON that the worker wrote. */
public sealed interface Command {

    /** The id of the shard that carries out the command. */
    int shard();

    /** Ops 0, 2 and 3: sends a gateway frame unchanged; at most 4,096 bytes. */
    record Send(int shard, byte[] data) implements Command {}

    /** Op 1: closes the connection so that the session stays resumable, and resumes. */
    record Reconnect(int shard) implements Command {}

    /** Op 4: sends the {@code d} of a presence update now and after each IDENTIFY. */
    record Presence(int shard, byte[] data) implements Command {}

    /** Op 5: requests guild members with this {@code d}. The chunks repeat its nonce. */
    record RequestMembers(int shard, String guildId, byte[] data) implements Command {}
}
