package loom.dispatch.gateway.outbound;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.gateway.protocol.MessageEnvelope;
import loom.dispatch.gateway.protocol.Opcode;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The event RATE_LIMITED: Discord did not answer a request for all members of a guild (protocol
 * section 6.1).
 *
 * @param guildId the guild of the request
 * @param retryAfter the wait from when the event arrived
 * @param nonce the nonce of the request, if it had one
 */
public record RateLimitedEvent(String guildId, Duration retryAfter, Optional<String> nonce) {
    /** Reads the event. Returns empty if it concerns another opcode or has another form. */
    public static Optional<RateLimitedEvent> read(byte[] bytes, MessageEnvelope envelope) {
        try {
            Map<String, Object> d =
                    JSON.std.mapFrom(
                            Arrays.copyOfRange(bytes, envelope.dataStart(), envelope.dataEnd()));
            return Integer.valueOf(Opcode.REQUEST_GUILD_MEMBERS).equals(d.get("opcode"))
                            && d.get("retry_after") instanceof Number seconds
                            && d.get("meta") instanceof Map<?, ?> meta
                            && meta.get("guild_id") instanceof String guildId
                    ? Optional.of(
                            new RateLimitedEvent(
                                    guildId,
                                    Duration.ofMillis((long) Math.ceil(millis(seconds))),
                                    meta.get("nonce") instanceof String nonce
                                            ? Optional.of(nonce)
                                            : Optional.empty()))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static double millis(Number seconds) {
        // a day exceeds every real limit, and the arithmetic does not overflow
        return Math.clamp(seconds.doubleValue(), 0, 86_400) * 1000;
    }

    /** Returns whether the event answers this request. */
    boolean concerns(WorkerFrame frame) {
        return frame.kind() instanceof WorkerFrame.Kind.AllMembers(var guild, var requested)
                && guild.equals(guildId)
                && requested.equals(nonce);
    }
}
