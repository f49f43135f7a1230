package loom.dispatch.gateway.outbound;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.protocol.Opcode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway frame requested by a worker, parsed far enough to rate-limit it and to reject frames
 * for which Discord would close the connection (protocol section 5).
 *
 * <p>Unknown opcodes pass, because Discord may know more of them.
 *
 * @param text the JSON text to send
 * @param kind the limits that apply
 */
public record WorkerFrame(String text, Kind kind) {
    /** The limits that apply to a frame besides those of the connection. */
    sealed interface Kind {
        /** No further limit. */
        record Plain() implements Kind {}

        /** Five in 20 s. {@code d} is kept for the next IDENTIFY. */
        record Presence(Map<String, Object> d) implements Kind {}

        /** One per guild in 30 s. */
        record AllMembers(String guildId, Optional<String> nonce) implements Kind {}
    }

    /** A frame for which Discord would close the connection. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String where;

        Refused(String where, String what) {
            super(what);
            this.where = where;
        }

        SendOutcome.Malformed outcome() {
            return new SendOutcome.Malformed(where, getMessage());
        }
    }

    static WorkerFrame parse(byte[] json) throws Refused {
        Map<String, Object> frame;
        try {
            frame = JSON.std.mapFrom(json);
        } catch (IOException e) {
            throw new Refused("frame", "is no JSON object");
        }
        if (!(frame.get("op") instanceof Integer op)) {
            throw new Refused("op", "is missing or no integer");
        }
        return new WorkerFrame(
                new String(json, StandardCharsets.UTF_8),
                switch (op) {
                    case Opcode.HEARTBEAT, Opcode.IDENTIFY, Opcode.RESUME ->
                            throw new Refused("op", op + " is for the service alone to send");
                    case Opcode.DISPATCH,
                            Opcode.RECONNECT,
                            Opcode.INVALID_SESSION,
                            Opcode.HELLO,
                            Opcode.HEARTBEAT_ACK ->
                            throw new Refused("op", op + " is for Discord alone to send");
                    case Opcode.PRESENCE_UPDATE -> {
                        Map<String, Object> d = object(frame);
                        PresenceValidator.check(d);
                        yield new Kind.Presence(d);
                    }
                    case Opcode.REQUEST_GUILD_MEMBERS -> members(object(frame));
                    default -> new Kind.Plain();
                });
    }

    @SuppressWarnings("unchecked") // JSON's keys are strings
    private static Map<String, Object> object(Map<String, Object> frame) throws Refused {
        if (!(frame.get("d") instanceof Map<?, ?> d)) {
            throw new Refused("d", "is missing or no object");
        }
        return (Map<String, Object>) d;
    }

    private static Kind members(Map<String, Object> d) throws Refused {
        if (!(d.get("guild_id") instanceof String guildId)) {
            throw new Refused("d.guild_id", "is missing or no string");
        }
        boolean all = "".equals(d.get("query")) && Integer.valueOf(0).equals(d.get("limit"));
        return all ? new Kind.AllMembers(guildId, nonce(d.get("nonce"))) : new Kind.Plain();
    }

    private static Optional<String> nonce(Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
