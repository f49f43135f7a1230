package loom.dispatch.cache;

import java.util.Objects;
import java.util.Optional;

/**
 * A change of the bot's membership in a guild, caused by an event.
 *
 * @param kind the kind of the change
 * @param guildId the guild's id
 * @param name the guild's name, if the cache ever held the guild
 */
public record GuildMembershipChange(Kind kind, String guildId, Optional<String> name) {

    /** The kind of a change. */
    public enum Kind {
        /** The bot was added to it. */
        JOINED,
        /** The bot was removed from it, or it was deleted. */
        LEFT,
        /** The guild became available after the start or an outage; the bot was in it before. */
        AVAILABLE,
        /** The guild became unavailable in an outage; the bot is still in it. */
        UNAVAILABLE
    }

    /** Refuses nulls. */
    public GuildMembershipChange {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(guildId);
        Objects.requireNonNull(name);
    }
}
