package loom.dispatch.cache.redis;

/** The names of single keys and sets: the contract's, and our own beside them. */
public final class RedisKeys {
    public static final String SHARDS = "gateway_shards";
    public static final String STARTED = "gateway_started";
    public static final String SESSIONS = "gateway_sessions";
    public static final String STATUSES = "gateway_statuses";
    public static final String BOT_USER = "bot_user";

    /** Ours alone: a field per shard, so that processes do not overwrite each other's sessions. */
    public static final String CHECKPOINTS = "gateway_checkpoints";

    /** Ours alone: a field per shard, so that processes do not overwrite each other's statuses. */
    public static final String SHARD_STATUSES = "gateway_shard_statuses";

    /** Ours alone: a field per process, with the shards that it holds. */
    public static final String INSTANCES = "gateway_instances";

    private RedisKeys() {}

    /** Ours alone: what is left of a bot's IDENTIFYs, and when the next may leave. */
    public static String identifiesOf(String bot) {
        return "gateway_identifies:" + bot;
    }

    /** Ours alone: what Discord last said when a bot asked for the gateway. */
    public static String gatewayOf(String bot) {
        return "gateway_bot:" + bot;
    }

    /** The set of all keys of a guild's objects. */
    public static String ofGuild(String guild) {
        return "guild_keys:" + guild;
    }

    /** A guild's set while it is being built; in a cluster on the same node as the set. */
    public static String nextOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:next";
    }

    /** A guild's former set while its leftovers are being removed. */
    public static String formerOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:former";
    }

    /** The set of the keys of a channel's messages. */
    public static String messagesOf(String channel) {
        return "channel_keys:" + channel;
    }

    /** The set of the keys of a thread's members. */
    public static String threadMembersOf(String thread) {
        return "thread_member_keys:" + thread;
    }

    /** Ours alone: the ids of a guild's channels and threads that have cached messages. */
    public static String messageChannelsOf(String guild) {
        return "message_channels:" + guild;
    }

    /** Ours alone: the ids of the guilds that a shard's bot is in. */
    public static String guildsOf(int shard) {
        return "gateway_guilds:" + shard;
    }

    /** Ours alone: the ids of the guilds that READY announced and that have not come yet. */
    public static String pendingOf(int shard) {
        return "gateway_pending:" + shard;
    }

    /** Ours alone: keys of a shard's mortal objects by the time at which Redis has dropped them. */
    public static String expiryOf(int shard) {
        return "gateway_expiry:" + shard;
    }

    /** Ours alone, in a cluster: the writes of a shard that are under way. */
    public static String redoOf(int shard) {
        return "gateway_redo:" + shard;
    }

    /** The consistency marker of a shard. */
    public static String stateOf(int shard) {
        return "gateway_state:" + shard;
    }
}
