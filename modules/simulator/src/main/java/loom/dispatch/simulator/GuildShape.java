package loom.dispatch.simulator;

/**
 * The number of guilds per shard and the size of each.
 *
 * @param perShard guilds per shard
 * @param members generated members, the bot included; 100,000 make a GUILD_CREATE of 64 MB
 * @param channels channels of all types
 * @param roles roles, {@code @everyone} included
 * @param emojis custom emojis
 * @param threads active threads
 * @param voice members in voice channels
 * @param presences members that are not offline
 */
public record GuildShape(
        int perShard,
        int members,
        int channels,
        int roles,
        int emojis,
        int threads,
        int voice,
        int presences) {
    public GuildShape {
        if (perShard < 0 || members < 2 || channels < 2 || roles < 2) {
            throw new IllegalArgumentException(
                    "a guild has 2 members, channels and roles at least");
        }
    }

    /** Two guilds per shard with 10 members and 20 channels each: about 10 KB per guild. */
    public static GuildShape small() {
        return new GuildShape(2, 10, 20, 6, 4, 3, 2, 5);
    }

    /** Guilds of about 1 MB. */
    public static GuildShape large() {
        return new GuildShape(1, 1_200, 180, 60, 80, 40, 40, 600);
    }

    public GuildShape perShard(int guilds) {
        return new GuildShape(guilds, members, channels, roles, emojis, threads, voice, presences);
    }

    public GuildShape members(int count) {
        return new GuildShape(perShard, count, channels, roles, emojis, threads, voice, presences);
    }
}
