package loom.dispatch.cache.model;

import loom.dispatch.cache.StateConfig;

/**
 * What a rule must know beside its event.
 *
 * @param config the switches
 * @param botId the bot's own user id, empty while unknown
 */
public record RuleContext(StateConfig config, String botId) {

    /** Whether the switches keep this object; the bot's own member they always do. */
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

    /** How long this object lives after a change, zero for ever. */
    public long lifeMillis(ObjectRef ref) {
        return isOwn(ref) ? 0 : ref.kind().timeToLive(config).toMillis();
    }

    private boolean isOwn(ObjectRef ref) {
        return ref.kind() == ObjectKind.MEMBER && ref.id().equals(botId);
    }
}
