package loom.dispatch.cache;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What the state cache keeps, the switches {@code STATE_*}.
 *
 * @param enabled whether there is a state cache at all; {@code bot_user} is always written
 * @param parts what is kept beside guilds, channels, roles and the bot's own members
 * @param memberTtl how long a member lives after its last change, zero for ever
 * @param messageTtl how long a message lives after its last change, zero for ever
 * @param old whether to hand out the object as it was before an event
 * @param failure what to do while Redis is away
 */
public record StateConfig(
        boolean enabled,
        Set<Part> parts,
        Duration memberTtl,
        Duration messageTtl,
        boolean old,
        Failure failure) {

    /** A part of the state that can be switched off. */
    public enum Part {
        /** Members other than the bot's own. */
        MEMBERS,
        /** Messages. */
        MESSAGES,
        /** Presences. */
        PRESENCES,
        /** Emojis. */
        EMOJIS,
        /** Voice states. */
        VOICES,
        /** Threads, with the bot's own membership in them. */
        THREADS,
        /** The members of threads; kept only for threads that are kept. */
        THREAD_MEMBERS,
        /** Stickers. */
        STICKERS,
        /** Sounds of the soundboard. */
        SOUNDS,
        /** Scheduled events. */
        EVENTS,
        /** Stage instances. */
        STAGES,
        /** Channels of direct messages, as far as messages tell of them. */
        DIRECT_CHANNELS
    }

    /** What to do with events while Redis is away. */
    public enum Failure {
        /** The events wait, within the bounds of the shard's queue. */
        WAIT,
        /** The events flow on without state, and readers see a stale mark. */
        SKIP
    }

    /**
     * All but the direct channels and no {@code old}, as in the predecessor's example; a minute for
     * both TTLs.
     */
    public static final StateConfig DEFAULT =
            new StateConfig(
                    true,
                    EnumSet.complementOf(EnumSet.of(Part.DIRECT_CHANNELS)),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    false,
                    Failure.WAIT);

    /** Checks the ranges. */
    public StateConfig {
        parts = Set.copyOf(parts);
        Objects.requireNonNull(failure);
        if (memberTtl.isNegative() || messageTtl.isNegative()) {
            throw new IllegalArgumentException("a TTL is not negative");
        }
    }

    public boolean keeps(Part part) {
        return parts.contains(part);
    }

    /** The same with {@code old} switched on or off. */
    public StateConfig withOld(boolean handedOut) {
        return new StateConfig(enabled, parts, memberTtl, messageTtl, handedOut, failure);
    }

    /** The same with another answer to an absent Redis. */
    public StateConfig withFailure(Failure answer) {
        return new StateConfig(enabled, parts, memberTtl, messageTtl, old, answer);
    }

    /** The same with other lives of members and messages; zero for ever. */
    public StateConfig withLives(Duration members, Duration messages) {
        return new StateConfig(enabled, parts, members, messages, old, failure);
    }
}
