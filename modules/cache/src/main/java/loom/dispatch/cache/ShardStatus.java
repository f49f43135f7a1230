package loom.dispatch.cache;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The status of one shard, as in {@code gateway_statuses}.
 *
 * @param shard the shard's number, not negative
 * @param status the state of the shard's session
 * @param latencyMillis time from the latest heartbeat to its acknowledgement, 0 before the first
 * @param lastAck when the latest acknowledgement arrived; empty before the first
 */
public record ShardStatus(int shard, Status status, int latencyMillis, Optional<Instant> lastAck) {

    /**
     * The states of a session. Consumers compare the words, so their spelling is part of the
     * contract.
     */
    public enum Status {
        /** The session is up. */
        CONNECTED("Connected"),
        /** There is no connection. */
        DISCONNECTED("Disconnected"),
        /** The connection is open, and HELLO has not arrived. */
        HANDSHAKING("Handshaking"),
        /** The shard starts a new session. */
        IDENTIFYING("Identifying"),
        /** The shard resumes a session. */
        RESUMING("Resuming");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /**
         * Returns the word in {@code gateway_statuses} and in the metrics, for example {@code
         * Connected}.
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
