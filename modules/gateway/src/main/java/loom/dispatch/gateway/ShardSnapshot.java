package loom.dispatch.gateway;

import java.time.Instant;
import java.util.Optional;

/**
 * A shard as it is at one moment, for statuses, metrics and the status page.
 *
 * @param shard its id
 * @param status where it is in its life
 * @param latencyMillis of the latest answered heartbeat, 0 before the first
 * @param lastAck when Discord last answered a heartbeat
 * @param lastEventNanos {@link System#nanoTime} of the latest event, 0 before the first
 * @param receivedSequence the last sequence received in the present session, 0 without one
 * @param settled what a new process would resume from
 * @param unsettledEvents received and not settled
 * @param unsettledBytes their weight
 * @param withholding whether the shard takes no frames because its backlog is full
 */
public record ShardSnapshot(
        int shard,
        Status status,
        int latencyMillis,
        Optional<Instant> lastAck,
        long lastEventNanos,
        long receivedSequence,
        Optional<Checkpoint> settled,
        int unsettledEvents,
        long unsettledBytes,
        boolean withholding) {

    /** Where a shard is in its life, in the words of the predecessor. */
    public enum Status {
        CONNECTED,
        DISCONNECTED,
        HANDSHAKING,
        IDENTIFYING,
        RESUMING
    }
}
