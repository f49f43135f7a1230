package loom.dispatch.app.config;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parses INTENTS: a number, or names joined by commas. */
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
     * The privileged intents, each with the two application flags that grant it: one for verified
     * bots, one for bots in fewer than 100 guilds.
     */
    private static final Map<String, Long> GRANTS =
            Map.of(
                    "GUILD_PRESENCES", 1L << 12 | 1L << 13,
                    "GUILD_MEMBERS", 1L << 14 | 1L << 15,
                    "MESSAGE_CONTENT", 1L << 18 | 1L << 19);

    private IntentsParser() {}

    /** Returns the bits. Keeps unknown bits of a number, because Discord may know them. */
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
                    "unknown intent "
                            + name
                            + UnknownVariables.nearest(name, BITS.keySet())
                                    .map(meant -> ", did you mean " + meant + "?")
                                    .orElse(""));
        }
        return 1L << BITS.get(name);
    }

    /** Returns the names of intents that an application with these flags may not use. */
    public static List<String> notGranted(long bits, long applicationFlags) {
        return GRANTS.entrySet().stream()
                .filter(grant -> (bits & 1L << BITS.get(grant.getKey())) != 0)
                .filter(grant -> (applicationFlags & grant.getValue()) == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns the bits without a known intent. */
    public static long unknown(long bits) {
        return bits & ~BITS.values().stream().mapToLong(bit -> 1L << bit).sum();
    }
}
