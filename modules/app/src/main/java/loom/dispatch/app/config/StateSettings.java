package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.choice;
import static loom.dispatch.app.config.EnvironmentVariable.flag;
import static loom.dispatch.app.config.EnvironmentVariable.number;

import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateConfig.Failure;
import loom.dispatch.cache.StateConfig.Part;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the variables of {@link StateConfig}. */
final class StateSettings {
    static final EnvironmentVariable<Boolean> STATE_ENABLED =
            flag("STATE_ENABLED", "true", "keep the state of all guilds in Redis");
    static final EnvironmentVariable<Boolean> STATE_MEMBER =
            flag("STATE_MEMBER", "true", "keep members; the bot's own member is always kept");
    static final EnvironmentVariable<Long> STATE_MEMBER_TTL = ttl("STATE_MEMBER_TTL", "members");
    static final EnvironmentVariable<Boolean> STATE_MESSAGE =
            flag("STATE_MESSAGE", "true", "keep messages");
    static final EnvironmentVariable<Long> STATE_MESSAGE_TTL = ttl("STATE_MESSAGE_TTL", "messages");
    static final EnvironmentVariable<Boolean> STATE_PRESENCE =
            flag("STATE_PRESENCE", "true", "keep presences");
    static final EnvironmentVariable<Boolean> STATE_EMOJI =
            flag("STATE_EMOJI", "true", "keep emojis");
    static final EnvironmentVariable<Boolean> STATE_VOICE =
            flag("STATE_VOICE", "true", "keep voice states");
    static final EnvironmentVariable<Boolean> STATE_THREAD =
            flag("STATE_THREAD", "true", "keep threads and the bot's own membership in them");
    static final EnvironmentVariable<Boolean> STATE_THREAD_MEMBER =
            flag("STATE_THREAD_MEMBER", "true", "keep the members of threads");
    static final EnvironmentVariable<Boolean> STATE_STICKER =
            flag("STATE_STICKER", "true", "keep stickers");
    static final EnvironmentVariable<Boolean> STATE_SOUNDBOARD =
            flag("STATE_SOUNDBOARD", "true", "keep soundboard sounds");
    static final EnvironmentVariable<Boolean> STATE_EVENT =
            flag("STATE_EVENT", "true", "keep scheduled events");
    static final EnvironmentVariable<Boolean> STATE_STAGE =
            flag("STATE_STAGE", "true", "keep stage instances");
    static final EnvironmentVariable<Boolean> STATE_DM =
            flag(
                    "STATE_DM",
                    "false",
                    "keep a channel object for every user that writes to the bot");
    static final EnvironmentVariable<Boolean> STATE_OLD =
            flag(
                    "STATE_OLD",
                    "false",
                    "add `old` to published events: the object before the event");
    static final EnvironmentVariable<Failure> STATE_FAILURE =
            choice(
                    "STATE_FAILURE",
                    "wait",
                    "while Redis is unavailable: events wait, or they are published and the"
                            + " state is marked stale",
                    List.of("wait", "skip"),
                    text -> text.equals("skip") ? Failure.SKIP : Failure.WAIT);

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    STATE_ENABLED,
                    STATE_MEMBER,
                    STATE_MEMBER_TTL,
                    STATE_MESSAGE,
                    STATE_MESSAGE_TTL,
                    STATE_PRESENCE,
                    STATE_EMOJI,
                    STATE_VOICE,
                    STATE_THREAD,
                    STATE_THREAD_MEMBER,
                    STATE_STICKER,
                    STATE_SOUNDBOARD,
                    STATE_EVENT,
                    STATE_STAGE,
                    STATE_DM,
                    STATE_OLD,
                    STATE_FAILURE);

    private static final Map<Part, EnvironmentVariable<Boolean>> PARTS =
            new EnumMap<>(
                    Map.ofEntries(
                            Map.entry(Part.MEMBERS, STATE_MEMBER),
                            Map.entry(Part.MESSAGES, STATE_MESSAGE),
                            Map.entry(Part.PRESENCES, STATE_PRESENCE),
                            Map.entry(Part.EMOJIS, STATE_EMOJI),
                            Map.entry(Part.VOICES, STATE_VOICE),
                            Map.entry(Part.THREADS, STATE_THREAD),
                            Map.entry(Part.THREAD_MEMBERS, STATE_THREAD_MEMBER),
                            Map.entry(Part.STICKERS, STATE_STICKER),
                            Map.entry(Part.SOUNDS, STATE_SOUNDBOARD),
                            Map.entry(Part.EVENTS, STATE_EVENT),
                            Map.entry(Part.STAGES, STATE_STAGE),
                            Map.entry(Part.DIRECT_CHANNELS, STATE_DM)));

    private StateSettings() {}

    static StateConfig from(Environment env) {
        Set<Part> parts =
                PARTS.entrySet().stream()
                        .filter(part -> env.get(part.getValue()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
        return new StateConfig(
                env.get(STATE_ENABLED),
                parts,
                Duration.ofMillis(env.get(STATE_MEMBER_TTL)),
                Duration.ofMillis(env.get(STATE_MESSAGE_TTL)),
                env.get(STATE_OLD),
                env.get(STATE_FAILURE));
    }

    private static EnvironmentVariable<Long> ttl(String name, String what) {
        return number(
                name,
                "60000",
                0,
                Long.MAX_VALUE / 1_000_000,
                "milliseconds",
                "time that " + what + " live after their last change; 0 = no limit");
    }
}
