package loom.dispatch.cache;

import java.util.Objects;
import java.util.Optional;

/**
 * What applying one event brought to light.
 *
 * @param old the object as it was before the event, raw JSON; an array for events about several
 * @param guild the change of the bot's membership in a guild, if the event was one
 */
public record AppliedEvent(Optional<byte[]> old, Optional<GuildMembershipChange> guild) {
    /** Nothing to tell. */
    public static final AppliedEvent NOTHING = new AppliedEvent(Optional.empty(), Optional.empty());

    /** Refuses nulls. */
    public AppliedEvent {
        Objects.requireNonNull(old);
        Objects.requireNonNull(guild);
    }
}
