package loom.dispatch.cache;

/** The names of single keys and sets: the contract's, and our own beside them. */
final class Keys {
    static final String SHARDS = "gateway_shards";
    static final String STARTED = "gateway_started";
    static final String SESSIONS = "gateway_sessions";
    static final String STATUSES = "gateway_statuses";
    static final String BOT_USER = "bot_user";

    /** Ours alone: a field per shard, so that processes do not overwrite each other's sessions. */
    static final String CHECKPOINTS = "gateway_checkpoints";

    /** Ours alone: a field per shard, so that processes do not overwrite each other's statuses. */
    static final String SHARD_STATUSES = "gateway_shard_statuses";

    /** Ours alone: a field per process, with the shards that it holds. */
    static final String INSTANCES = "gateway_instances";

    private Keys() {}

    /** Ours alone: what is left of a bot's IDENTIFYs, and when the next may leave. */
    static String identifiesOf(String bot) {
        return "gateway_identifies:" + bot;
    }

    /** Ours alone: what Discord last said when a bot asked for the gateway. */
    static String gatewayOf(String bot) {
        return "gateway_bot:" + bot;
    }

    /** The set of all keys of a guild's objects. */
    static String ofGuild(String guild) {
        return "guild_keys:" + guild;
    }

    /** A guild's set while it is being built; in a cluster on the same node as the set. */
    static String nextOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:next";
    }

    /** A guild's former set while its leftovers are being removed. */
    static String formerOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:former";
    }

    /** The set of the keys of a channel's messages. */
    static String messagesOf(String channel) {
        return "channel_keys:" + channel;
    }

    /** The set of the keys of a thread's members. */
    static String threadMembersOf(String thread) {
        return "thread_member_keys:" + thread;
    }

    /** Ours alone: the ids of a guild's channels and threads that have cached messages. */
    static String messageChannelsOf(String guild) {
        return "message_channels:" + guild;
    }

    /** Ours alone: the ids of the guilds that a shard's bot is in. */
    static String guildsOf(int shard) {
        return "gateway_guilds:" + shard;
    }

    /** Ours alone: the ids of the guilds that READY announced and that have not come yet. */
    static String pendingOf(int shard) {
        return "gateway_pending:" + shard;
    }

    /** Ours alone: keys of a shard's mortal objects by the time at which Redis has dropped them. */
    static String expiryOf(int shard) {
        return "gateway_expiry:" + shard;
    }

    /** Ours alone, in a cluster: the writes of a shard that are under way. */
    static String redoOf(int shard) {
        return "gateway_redo:" + shard;
    }

    /** The consistency marker of a shard. */
    static String stateOf(int shard) {
        return "gateway_state:" + shard;
    }
}
