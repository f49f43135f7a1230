package loom.dispatch.cache.redis;

/** Names the keys in Redis: those of the public contract, and those that only this service uses. */
public final class RedisKeys {
    public static final String SHARDS = "gateway_shards";
    public static final String STARTED = "gateway_started";
    public static final String SESSIONS = "gateway_sessions";
    public static final String STATUSES = "gateway_statuses";
    public static final String BOT_USER = "bot_user";

    /**
     * Internal. A hash with a field for each shard, so that processes do not overwrite each other's
     * sessions.
     */
    public static final String CHECKPOINTS = "gateway_checkpoints";

    /**
     * Internal. A hash with a field for each shard, so that processes do not overwrite each other's
     * statuses.
     */
    public static final String SHARD_STATUSES = "gateway_shard_statuses";

    /** Internal. A hash with a field for each process, which names the shards that it holds. */
    public static final String INSTANCES = "gateway_instances";

    private RedisKeys() {}

    /** Internal. A bot's remaining IDENTIFYs, and when the next one may be sent. */
    public static String identifiesOf(String bot) {
        return "gateway_identifies:" + bot;
    }

    /** Internal. Discord's latest answer to a bot's {@code GET /gateway/bot}. */
    public static String gatewayOf(String bot) {
        return "gateway_bot:" + bot;
    }

    /** The set with the keys of a guild's objects. */
    public static String ofGuild(String guild) {
        return "guild_keys:" + guild;
    }

    /**
     * The new set of a guild while it is built. In Redis Cluster it is in the same slot as the set.
     */
    public static String nextOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:next";
    }

    /** The old set of a guild while its remaining objects are removed. */
    public static String formerOfGuild(String guild) {
        return "{guild_keys:" + guild + "}:former";
    }

    /** The set with the keys of a channel's messages. */
    public static String messagesOf(String channel) {
        return "channel_keys:" + channel;
    }

    /** The set with the keys of a thread's members. */
    public static String threadMembersOf(String thread) {
        return "thread_member_keys:" + thread;
    }

    /** Internal. The ids of a guild's channels and threads that have cached messages. */
    public static String messageChannelsOf(String guild) {
        return "message_channels:" + guild;
    }

    /** Internal. The ids of the guilds of a shard that the bot is in. */
    public static String guildsOf(int shard) {
        return "gateway_guilds:" + shard;
    }

    /**
     * Internal. The ids of the guilds that READY listed and for which GUILD_CREATE has not arrived.
     */
    public static String pendingOf(int shard) {
        return "gateway_pending:" + shard;
    }

    /**
     * Internal. A sorted set with the keys of a shard's expiring objects, scored by expiry time.
     */
    public static String expiryOf(int shard) {
        return "gateway_expiry:" + shard;
    }

    /** Internal, in Redis Cluster only. The writes of a shard that are in progress. */
    public static String redoOf(int shard) {
        return "gateway_redo:" + shard;
    }

    /** The marker of a shard: the last applied event, and whether the state is complete. */
    public static String stateOf(int shard) {
        return "gateway_state:" + shard;
    }
}
