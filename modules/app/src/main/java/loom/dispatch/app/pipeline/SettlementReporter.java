package loom.dispatch.app.pipeline;

import loom.dispatch.app.status.EventLatencies;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.gateway.Gateway;

/**
 * Tells the gateway how far a shard's events are safe. Called by the broker's reading threads, the
 * shard's dispatch thread and its replaying thread; blocks none of them.
 */
public record SettlementReporter(
        int shard, Gateway gateway, CheckpointWriter checkpoints, EventLatencies.Shard latency)
        implements SettlementListener {

    /** Settles the shard's backlog, and has a new session saved at once. */
    @Override
    public void settled(long position) {
        latency.confirmed(position);
        if (gateway.settled(shard, position)) {
            checkpoints.hurry();
        }
    }

    @Override
    public void spooled(long position) {
        latency.spooled(position);
        gateway.spooled(shard, position);
    }

    @Override
    public boolean memoryIsShort() {
        return gateway.memoryIsShort(shard);
    }
}
