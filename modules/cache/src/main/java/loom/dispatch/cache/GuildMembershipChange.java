package loom.dispatch.cache;

import java.util.Objects;
import java.util.Optional;

/**
 * What an event meant for the bot's membership in a guild.
 *
 * @param kind what happened
 * @param guildId the guild's id
 * @param name the guild's name, if its object was ever seen
 */
public record GuildMembershipChange(Kind kind, String guildId, Optional<String> name) {

    /** What happened to a guild. */
    public enum Kind {
        /** The bot was added to it. */
        JOINED,
        /** The bot was removed from it, or it was deleted. */
        LEFT,
        /** It came, after the start or back from an outage; the bot was in it all the time. */
        AVAILABLE,
        /** An outage took it away; the bot is still in it. */
        UNAVAILABLE
    }

    /** Refuses nulls. */
    public GuildMembershipChange {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(guildId);
        Objects.requireNonNull(name);
    }
}
