package loom.dispatch.gateway;

import java.time.Instant;
import java.util.Optional;

/**
 * The state of a shard at one moment, for the status record, the metrics and the status page.
 *
 * @param shard the shard's id
 * @param status the shard's connection status
 * @param latencyMillis the latency of the latest acknowledged heartbeat, 0 before the first
 * @param lastAck when Discord last acknowledged a heartbeat
 * @param lastEventNanos {@link System#nanoTime} of the latest event, 0 before the first
 * @param receivedSequence the last sequence received in the present session, 0 without a session
 * @param settled the checkpoint from which a new process would resume
 * @param unsettledEvents the number of received events that are not settled
 * @param unsettledBytes the bytes of these events
 * @param withholding whether the shard decodes nothing because its backlog is full
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

    /** The connection status of a shard, with the names of the predecessor's API. */
    public enum Status {
        CONNECTED,
        DISCONNECTED,
        HANDSHAKING,
        IDENTIFYING,
        RESUMING
    }
}
