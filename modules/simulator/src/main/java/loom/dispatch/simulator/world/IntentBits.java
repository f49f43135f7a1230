package loom.dispatch.simulator.world;

/** The intent bits (protocol section 4). */
public enum IntentBits {
    GUILDS(0),
    GUILD_MEMBERS(1),
    GUILD_MODERATION(2),
    GUILD_EXPRESSIONS(3),
    GUILD_INTEGRATIONS(4),
    GUILD_WEBHOOKS(5),
    GUILD_INVITES(6),
    GUILD_VOICE_STATES(7),
    GUILD_PRESENCES(8),
    GUILD_MESSAGES(9),
    GUILD_MESSAGE_REACTIONS(10),
    GUILD_MESSAGE_TYPING(11),
    DIRECT_MESSAGES(12),
    DIRECT_MESSAGE_REACTIONS(13),
    DIRECT_MESSAGE_TYPING(14),
    MESSAGE_CONTENT(15),
    GUILD_SCHEDULED_EVENTS(16),
    AUTO_MODERATION_CONFIGURATION(20),
    AUTO_MODERATION_EXECUTION(21),
    GUILD_MESSAGE_POLLS(24),
    DIRECT_MESSAGE_POLLS(25);

    /** Every documented bit. */
    public static final int ALL = 53608447;

    /** The privileged intents: members, presences and message content. */
    public static final int PRIVILEGED = 33026;

    public final int bit;

    IntentBits(int position) {
        bit = 1 << position;
    }

    public int bit() {
        return bit;
    }

    /** Returns the application flags that show the allowed privileged intents (section 1.10). */
    public static int applicationFlags(int allowed) {
        int flags = 0;
        flags |= GUILD_PRESENCES.in(allowed) ? 1 << 13 : 0;
        flags |= GUILD_MEMBERS.in(allowed) ? 1 << 15 : 0;
        flags |= MESSAGE_CONTENT.in(allowed) ? 1 << 19 : 0;
        return flags;
    }

    public boolean in(int intents) {
        return (intents & bit) != 0;
    }
}
