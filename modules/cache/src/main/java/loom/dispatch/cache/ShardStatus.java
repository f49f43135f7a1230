package loom.dispatch.cache;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How one shard is doing, as {@code gateway_statuses} tells it.
 *
 * @param shard the shard's number, not negative
 * @param status what it is doing
 * @param latencyMillis time from the latest heartbeat to its acknowledgement, 0 before the first
 * @param lastAck when the latest acknowledgement came; empty before the first
 */
public record ShardStatus(int shard, Status status, int latencyMillis, Optional<Instant> lastAck) {

    /** The words that consumers compare with; their spelling is the contract. */
    public enum Status {
        /** The session is up. */
        CONNECTED("Connected"),
        /** There is no connection. */
        DISCONNECTED("Disconnected"),
        /** The connection is up and HELLO has not come. */
        HANDSHAKING("Handshaking"),
        /** A new session is being made. */
        IDENTIFYING("Identifying"),
        /** A session is being resumed. */
        RESUMING("Resuming");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /**
         * The word in {@code gateway_statuses} and in the metrics.
         *
         * @return for example {@code Connected}
         */
        public String word() {
            return word;
        }
    }

    /** Checks the ranges. */
    public ShardStatus {
        Objects.requireNonNull(status);
        Objects.requireNonNull(lastAck);
        if (shard < 0) {
            throw new IllegalArgumentException("a shard is not negative: " + shard);
        }
        if (latencyMillis < 0) {
            throw new IllegalArgumentException("a latency is not negative: " + latencyMillis);
        }
    }
}
