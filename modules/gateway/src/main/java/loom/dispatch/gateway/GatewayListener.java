package loom.dispatch.gateway;

/**
 * Receives the shards' lifecycle events. The shards' threads call it: it must not block or throw.
 */
@FunctionalInterface
public interface GatewayListener {
    /** Reports a lifecycle event of a shard. */
    void notice(int shard, ShardLifecycleEvent notice);
}
