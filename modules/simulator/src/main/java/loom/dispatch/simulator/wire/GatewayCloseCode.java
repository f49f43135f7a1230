package loom.dispatch.simulator.wire;

import java.util.Locale;

/** The gateway's close codes (protocol section 1.5). */
public enum GatewayCloseCode {
    UNKNOWN_ERROR(4000),
    UNKNOWN_OPCODE(4001),
    DECODE_ERROR(4002),
    NOT_AUTHENTICATED(4003),
    AUTHENTICATION_FAILED(4004),
    ALREADY_AUTHENTICATED(4005),
    INVALID_SEQUENCE(4007),
    RATE_LIMITED(4008),
    SESSION_TIMED_OUT(4009),
    INVALID_SHARD(4010),
    SHARDING_REQUIRED(4011),
    INVALID_VERSION(4012),
    INVALID_INTENTS(4013),
    DISALLOWED_INTENTS(4014);

    private final int number;

    GatewayCloseCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public String reason() {
        String words = name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
