package loom.dispatch.app.config;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads INTENTS: a number, or names joined by commas (protocol section 4). */
public final class IntentsParser {
    private static final Map<String, Integer> BITS =
            Map.ofEntries(
                    entry("GUILDS", 0),
                    entry("GUILD_MEMBERS", 1),
                    entry("GUILD_MODERATION", 2),
                    entry("GUILD_EXPRESSIONS", 3),
                    entry("GUILD_INTEGRATIONS", 4),
                    entry("GUILD_WEBHOOKS", 5),
                    entry("GUILD_INVITES", 6),
                    entry("GUILD_VOICE_STATES", 7),
                    entry("GUILD_PRESENCES", 8),
                    entry("GUILD_MESSAGES", 9),
                    entry("GUILD_MESSAGE_REACTIONS", 10),
                    entry("GUILD_MESSAGE_TYPING", 11),
                    entry("DIRECT_MESSAGES", 12),
                    entry("DIRECT_MESSAGE_REACTIONS", 13),
                    entry("DIRECT_MESSAGE_TYPING", 14),
                    entry("MESSAGE_CONTENT", 15),
                    entry("GUILD_SCHEDULED_EVENTS", 16),
                    entry("AUTO_MODERATION_CONFIGURATION", 20),
                    entry("AUTO_MODERATION_EXECUTION", 21),
                    entry("GUILD_MESSAGE_POLLS", 24),
                    entry("DIRECT_MESSAGE_POLLS", 25));

    /**
     * Those that need an approval, and the two flags of an application of which either grants it
     * (protocol section 2): for bots in many guilds and in few.
     */
    private static final Map<String, Long> GRANTS =
            Map.of(
                    "GUILD_PRESENCES", 1L << 12 | 1L << 13,
                    "GUILD_MEMBERS", 1L << 14 | 1L << 15,
                    "MESSAGE_CONTENT", 1L << 18 | 1L << 19);

    private IntentsParser() {}

    /** The bits; an unknown bit of a number is kept, for Discord may know it. */
    static long parse(String text) {
        if (!text.isEmpty() && text.chars().allMatch(Character::isDigit)) {
            return Long.parseLong(text);
        }
        long bits = 0;
        for (String name : text.split(",")) {
            bits |= bit(name.strip().toUpperCase(Locale.ROOT));
        }
        return bits;
    }

    private static long bit(String name) {
        if (!BITS.containsKey(name)) {
            throw new EnvironmentVariable.WrongPart(
                    "there is no intent "
                            + name
                            + UnknownVariables.nearest(name, BITS.keySet())
                                    .map(meant -> ", did you mean " + meant + "?")
                                    .orElse(""));
        }
        return 1L << BITS.get(name);
    }

    /** Names of the intents among these bits that an application with these flags may not use. */
    public static List<String> notGranted(long bits, long applicationFlags) {
        return GRANTS.entrySet().stream()
                .filter(grant -> (bits & 1L << BITS.get(grant.getKey())) != 0)
                .filter(grant -> (applicationFlags & grant.getValue()) == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** The bits that no intent is known for. */
    public static long unknown(long bits) {
        return bits & ~BITS.values().stream().mapToLong(bit -> 1L << bit).sum();
    }
}
