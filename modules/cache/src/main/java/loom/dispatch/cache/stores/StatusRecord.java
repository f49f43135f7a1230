package loom.dispatch.cache.stores;

import loom.dispatch.cache.ShardStatus;
import loom.dispatch.cache.model.IsoTimestamps;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A shard's status with the time of its report. The status of a dead process expires.
 *
 * @param reportedMillis time of the report, milliseconds since the epoch
 * @param status the reported status
 */
public record StatusRecord(long reportedMillis, ShardStatus status) {
    /** Processes report once a second. The limit allows for clocks that differ by some seconds. */
    private static final long FRESH_MILLIS = Duration.ofSeconds(30).toMillis();

    /** Returns the value of a field of {@code gateway_shard_statuses}. */
    public String toText() {
        return reportedMillis + " " + json(status);
    }

    /** Returns the reported status, or disconnected if the report is too old. */
    public static ShardStatus read(int shard, byte[] value, long nowMillis) {
        try {
            String text = new String(value, StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            if (space < 0) {
                return unreported(shard);
            }
            ShardStatus status = parsed(shard, text.substring(space + 1));
            boolean fresh = nowMillis - Long.parseLong(text.substring(0, space)) <= FRESH_MILLIS;
            return fresh
                    ? status
                    : new ShardStatus(
                            shard,
                            ShardStatus.Status.DISCONNECTED,
                            status.latencyMillis(),
                            status.lastAck());
        } catch (JsonSyntaxException | DateTimeException | IllegalArgumentException unreadable) {
            // an unreadable status counts as none
            return unreported(shard);
        }
    }

    public static ShardStatus unreported(int shard) {
        return new ShardStatus(shard, ShardStatus.Status.DISCONNECTED, 0, Optional.empty());
    }

    /**
     * Returns the entry of {@code gateway_statuses}, with the fields in the order of the contract.
     */
    public static String json(ShardStatus status) {
        return "{\"shard\":"
                + status.shard()
                + ",\"status\":\""
                + status.status().word()
                + "\",\"latency\":"
                + status.latencyMillis()
                + ",\"last_ack\":\""
                + IsoTimestamps.format(status.lastAck().orElse(Instant.EPOCH))
                + "\"}";
    }

    private static ShardStatus parsed(int shard, String json) {
        JsonObject fields = JsonObject.of(json.getBytes(StandardCharsets.UTF_8));
        Instant lastAck = IsoTimestamps.parse(fields.require("last_ack").text());
        return new ShardStatus(
                shard,
                status(fields.require("status").text()),
                (int) fields.require("latency").integer(),
                lastAck.equals(Instant.EPOCH) ? Optional.empty() : Optional.of(lastAck));
    }

    private static ShardStatus.Status status(String word) {
        for (ShardStatus.Status status : ShardStatus.Status.values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        throw new JsonSyntaxException("unknown status " + word, 0);
    }
}
