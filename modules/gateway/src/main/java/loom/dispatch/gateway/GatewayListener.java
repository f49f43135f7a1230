package loom.dispatch.gateway;

/** Hears what happens to the shards. Called on the shards' threads: must not block or throw. */
public interface GatewayListener {
    /** Something happened in a shard's life. */
    void notice(int shard, ShardLifecycleEvent notice);

    /** A thread of the shard died of an error that nobody foresaw; the process should restart. */
    void died(int shard, Throwable cause);
}
