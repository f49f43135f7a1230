package loom.dispatch.cache;

/**
 * What a rule must know beside its event.
 *
 * @param config the switches
 * @param botId the bot's own user id, empty while unknown
 */
record Scope(StateConfig config, String botId) {

    /** Whether the switches keep this object; the bot's own member they always do. */
    boolean keeps(Ref ref) {
        return switch (ref.kind()) {
            case MEMBER -> isOwn(ref) || Kind.MEMBER.kept(config);
            case THREAD_MEMBER -> Kind.THREAD.kept(config) && Kind.THREAD_MEMBER.kept(config);
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
    long lifeMillis(Ref ref) {
        return isOwn(ref) ? 0 : ref.kind().timeToLive(config).toMillis();
    }

    private boolean isOwn(Ref ref) {
        return ref.kind() == Kind.MEMBER && ref.id().equals(botId);
    }
}
