package loom.dispatch.gateway;

/**
 * Decides what a shard does after a close code (protocol section 1.5).
 *
 * <p>The session can be resumed after unknown and missing codes. Most network failures appear as
 * 1006.
 */
public final class CloseCode {
    /** The code of a connection that ended without a close frame. */
    public static final int NONE = 1006;

    static final int AUTHENTICATION_FAILED = 4004;
    static final int INVALID_SHARD = 4010;
    static final int SHARDING_REQUIRED = 4011;
    static final int INVALID_API_VERSION = 4012;
    static final int INVALID_INTENTS = 4013;
    static final int DISALLOWED_INTENTS = 4014;

    /** The shard's reaction to a close. */
    public enum Reaction {
        RESUME,
        IDENTIFY,
        STOP
    }

    private CloseCode() {}

    public static Reaction reaction(int code) {
        return switch (code) {
            case AUTHENTICATION_FAILED,
                    INVALID_SHARD,
                    SHARDING_REQUIRED,
                    INVALID_API_VERSION,
                    INVALID_INTENTS,
                    DISALLOWED_INTENTS ->
                    Reaction.STOP;
            // 4009 is not here: Discord also sends it after late heartbeats, and then the session
            // can be resumed. If it cannot, Discord answers RESUME with op 9, which costs one
            // round trip.
            case 4003, 4006, 4007 -> Reaction.IDENTIFY;
            default -> Reaction.RESUME;
        };
    }

    /**
     * Returns the code as a metric label, for example {@code close_4009}. Undocumented codes share
     * one label.
     */
    static String metricLabel(int code) {
        return switch (code) {
            case NONE -> "lost";
            case 1000, 1001, 1011, 1012 -> "close_" + code;
            default -> code >= 4000 && code <= DISALLOWED_INTENTS ? "close_" + code : "close_other";
        };
    }

    /** Returns one line for the operator: why Discord refused the shard, and what to do. */
    public static String advice(int code) {
        return switch (code) {
            case AUTHENTICATION_FAILED ->
                    "Discord refused the token (4004): check BOT_TOKEN, it may have been reset";
            case INVALID_SHARD ->
                    "Discord refused the shard (4010): SHARDS_TOTAL does not fit this bot, compare"
                            + " the shards of GET /gateway/bot";
            case SHARDING_REQUIRED ->
                    "Discord wants more shards (4011): a session would hold over 2500 guilds, raise"
                            + " SHARDS_TOTAL";
            case INVALID_API_VERSION ->
                    "Discord no longer speaks this gateway version (4012): update loom-dispatch";
            case INVALID_INTENTS ->
                    "Discord does not know a bit of INTENTS (4013): remove the unknown bit";
            case DISALLOWED_INTENTS ->
                    "INTENTS holds a privileged intent that is not enabled for this bot (4014):"
                            + " enable it in the developer portal or remove it";
            default -> "Discord closed the connection with code " + code;
        };
    }
}
