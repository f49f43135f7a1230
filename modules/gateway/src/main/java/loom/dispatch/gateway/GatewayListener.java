package loom.dispatch.gateway;

/**
 * Receives the shards' lifecycle events. The shards' threads call it: it must not block or throw.
 */
public interface GatewayListener {
    /** Reports a lifecycle event of a shard. */
    void notice(int shard, ShardLifecycleEvent notice);

    /**
     * Reports that a thread of the shard ended with an unexpected error. The process should
     * restart.
     */
    void died(int shard, Throwable cause);
}
