package loom.dispatch.app;

import static loom.dispatch.app.Variable.flag;
import static loom.dispatch.app.Variable.number;

import loom.dispatch.cache.StateConfig;

import java.time.Duration;
import java.util.List;

/** What the state cache keeps: the variables of {@link StateConfig}. */
final class StateSettings {
    static final Variable<Boolean> STATE_ENABLED =
            flag("STATE_ENABLED", "true", "keep the state cache");
    static final Variable<Boolean> STATE_MEMBER =
            flag("STATE_MEMBER", "true", "keep members; the bot's own is always kept");
    static final Variable<Long> STATE_MEMBER_TTL = ttl("STATE_MEMBER_TTL", "members");
    static final Variable<Boolean> STATE_MESSAGE = flag("STATE_MESSAGE", "true", "keep messages");
    static final Variable<Long> STATE_MESSAGE_TTL = ttl("STATE_MESSAGE_TTL", "messages");
    static final Variable<Boolean> STATE_PRESENCE =
            flag("STATE_PRESENCE", "true", "keep presences");
    static final Variable<Boolean> STATE_EMOJI = flag("STATE_EMOJI", "true", "keep emojis");
    static final Variable<Boolean> STATE_VOICE = flag("STATE_VOICE", "true", "keep voice states");
    static final Variable<Boolean> STATE_OLD =
            flag("STATE_OLD", "false", "publish with an event the object as it was before");

    /** In the order of the help. */
    static final List<Variable<?>> VARIABLES =
            List.of(
                    STATE_ENABLED,
                    STATE_MEMBER,
                    STATE_MEMBER_TTL,
                    STATE_MESSAGE,
                    STATE_MESSAGE_TTL,
                    STATE_PRESENCE,
                    STATE_EMOJI,
                    STATE_VOICE,
                    STATE_OLD);

    private StateSettings() {}

    static StateConfig from(Environment env) {
        return new StateConfig(
                env.get(STATE_ENABLED),
                env.get(STATE_MEMBER),
                Duration.ofMillis(env.get(STATE_MEMBER_TTL)),
                env.get(STATE_MESSAGE),
                Duration.ofMillis(env.get(STATE_MESSAGE_TTL)),
                env.get(STATE_PRESENCE),
                env.get(STATE_EMOJI),
                env.get(STATE_VOICE),
                true,
                true,
                true,
                true,
                true,
                env.get(STATE_OLD),
                StateConfig.Failure.WAIT);
    }

    private static Variable<Long> ttl(String name, String what) {
        return number(
                name,
                "60000",
                0,
                Long.MAX_VALUE / 1_000_000,
                "ms",
                "how long " + what + " live after their last change, 0 = for ever");
    }
}
