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
        return ref.kind() == Kind.MEMBER ? config.members() || isOwn(ref) : ref.kind().kept(config);
    }

    /** How long this object lives after a change, zero for ever. */
    long lifeMillis(Ref ref) {
        return isOwn(ref) ? 0 : ref.kind().timeToLive(config).toMillis();
    }

    private boolean isOwn(Ref ref) {
        return ref.kind() == Kind.MEMBER && ref.id().equals(botId);
    }
}
