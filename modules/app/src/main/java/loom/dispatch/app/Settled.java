package loom.dispatch.app;

import loom.dispatch.gateway.Gateway;

/** Hears, on the broker's reading thread, that a shard's events up to a position are confirmed. */
@FunctionalInterface
interface Settled {
    /** Must not block. */
    void settled(int shard, long position);

    /** Settles the shard's backlog, and has a new session saved at once. */
    static Settled of(Gateway gateway, Checkpoints checkpoints) {
        return (shard, position) -> {
            if (gateway.settled(shard, position)) {
                checkpoints.hurry();
            }
        };
    }
}
