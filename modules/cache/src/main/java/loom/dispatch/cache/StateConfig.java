package loom.dispatch.cache;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * The settings {@code STATE_*}: what the state cache keeps.
 *
 * @param enabled whether the state is kept; {@code bot_user} is always written
 * @param parts what is kept besides guilds, channels, roles and the bot's own members
 * @param memberTtl how long a member stays after its last change, zero for no limit
 * @param messageTtl how long a message stays after its last change, zero for no limit
 * @param old whether to return the object before an event
 * @param failure what to do while Redis does not answer
 */
public record StateConfig(
        boolean enabled,
        Set<Part> parts,
        Duration memberTtl,
        Duration messageTtl,
        boolean old,
        Failure failure) {

    /** A part of the state that a setting can switch off. */
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
        /** Threads, including the bot's own membership. */
        THREADS,
        /** The members of threads; kept only for threads that are kept. */
        THREAD_MEMBERS,
        /** Stickers. */
        STICKERS,
        /** Soundboard sounds. */
        SOUNDS,
        /** Scheduled events. */
        EVENTS,
        /** Stage instances. */
        STAGES,
        /** Direct message channels, as far as messages reveal them. */
        DIRECT_CHANNELS
    }

    /** What to do with events while Redis does not answer. */
    public enum Failure {
        /** Events wait, up to the limits of the shard's queue. */
        WAIT,
        /** Events are published without updating the state, and readers see a stale marker. */
        SKIP
    }

    /**
     * The defaults, as in the example of twilight-dispatch: everything except direct message
     * channels and {@code old}; both TTLs are one minute.
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

    /** Returns a copy with {@code old} switched on or off. */
    public StateConfig withOld(boolean handedOut) {
        return new StateConfig(enabled, parts, memberTtl, messageTtl, handedOut, failure);
    }

    /** Returns a copy with another behavior while Redis does not answer. */
    public StateConfig withFailure(Failure answer) {
        return new StateConfig(enabled, parts, memberTtl, messageTtl, old, answer);
    }

    /** Returns a copy with other times to live, zero for no limit. */
    public StateConfig withLives(Duration members, Duration messages) {
        return new StateConfig(enabled, parts, members, messages, old, failure);
    }
}
