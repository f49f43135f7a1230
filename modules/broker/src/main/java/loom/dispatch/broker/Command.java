package loom.dispatch.broker;

/** What a worker asks of one shard; {@code data} is raw JSON as the worker wrote it. */
public sealed interface Command {

    /** The shard that is to do it. */
    int shard();

    /** Ops 0, 2 and 3: a gateway frame, sent as it is; at most 4,096 bytes. */
    record Send(int shard, byte[] data) implements Command {}

    /** Op 1: close the connection resumably and resume. */
    record Reconnect(int shard) implements Command {}

    /** Op 4: the {@code d} of a presence update, sent now and again after each identify. */
    record Presence(int shard, byte[] data) implements Command {}

    /** Op 5: the {@code d} of a request for guild members; its chunks carry the nonce in it. */
    record RequestMembers(int shard, String guildId, byte[] data) implements Command {}
}
