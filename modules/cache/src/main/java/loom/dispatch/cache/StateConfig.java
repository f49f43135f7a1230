package loom.dispatch.cache;

import java.time.Duration;
import java.util.Objects;

/**
 * What the state cache keeps, the switches {@code STATE_*}.
 *
 * @param enabled whether there is a state cache at all; {@code bot_user} is always written
 * @param members whether to keep members; the bot's own is always kept
 * @param memberTtl how long a member lives after its last change, zero for ever
 * @param messages whether to keep messages
 * @param messageTtl how long a message lives after its last change, zero for ever
 * @param presences whether to keep presences
 * @param emojis whether to keep emojis
 * @param voices whether to keep voice states
 * @param threads whether to keep threads and the bot's own membership in them
 * @param stickers whether to keep stickers
 * @param sounds whether to keep soundboard sounds
 * @param events whether to keep scheduled events
 * @param stages whether to keep stage instances
 * @param old whether to hand out the object as it was before an event
 * @param failure what to do while Redis is away
 */
public record StateConfig(
        boolean enabled,
        boolean members,
        Duration memberTtl,
        boolean messages,
        Duration messageTtl,
        boolean presences,
        boolean emojis,
        boolean voices,
        boolean threads,
        boolean stickers,
        boolean sounds,
        boolean events,
        boolean stages,
        boolean old,
        Failure failure) {

    /** What to do with events while Redis is away. */
    public enum Failure {
        /** The events wait, within the bounds of the shard's queue. */
        WAIT,
        /** The events flow on without state, and readers see a stale mark. */
        SKIP
    }

    /**
     * Everything on and no {@code old}, as in the predecessor's example; a minute for both TTLs.
     */
    public static final StateConfig DEFAULT =
            new StateConfig(
                    true,
                    true,
                    Duration.ofMinutes(1),
                    true,
                    Duration.ofMinutes(1),
                    true,
                    true,
                    true,
                    true,
                    true,
                    true,
                    true,
                    true,
                    false,
                    Failure.WAIT);

    /** Checks the ranges. */
    public StateConfig {
        Objects.requireNonNull(failure);
        if (memberTtl.isNegative() || messageTtl.isNegative()) {
            throw new IllegalArgumentException("a TTL is not negative");
        }
    }
}
