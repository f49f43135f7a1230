package loom.dispatch.cache.model;

import loom.dispatch.cache.StateConfig;

/**
 * The settings and the bot's id, which rules need besides the event.
 *
 * @param config the settings
 * @param botId the bot's user id, empty while unknown
 */
public record RuleContext(StateConfig config, String botId) {

    /** Whether the settings keep this object. The bot's own members are always kept. */
    public boolean keeps(ObjectRef ref) {
        return switch (ref.kind()) {
            case MEMBER -> isOwn(ref) || ObjectKind.MEMBER.kept(config);
            case THREAD_MEMBER ->
                    ObjectKind.THREAD.kept(config) && ObjectKind.THREAD_MEMBER.kept(config);
            case GUILD,
                    CHANNEL,
                    DIRECT_CHANNEL,
                    THREAD,
                    ROLE,
                    EMOJI,
                    STICKER,
                    SOUND,
                    EVENT,
                    STAGE,
                    PRESENCE,
                    VOICE,
                    MESSAGE ->
                    ref.kind().kept(config);
        };
    }

    /** Returns how long this object stays after its last change; zero means without limit. */
    public long lifeMillis(ObjectRef ref) {
        return isOwn(ref) ? 0 : ref.kind().timeToLive(config).toMillis();
    }

    private boolean isOwn(ObjectRef ref) {
        return ref.kind() == ObjectKind.MEMBER && ref.id().equals(botId);
    }
}
