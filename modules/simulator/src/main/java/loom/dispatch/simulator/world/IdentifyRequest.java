package loom.dispatch.simulator.world;

/**
 * What a session asked for in IDENTIFY.
 *
 * @param shard its shard id
 * @param count the shard count it runs with
 */
public record IdentifyRequest(
        int shard, int count, int intents, int largeThreshold, boolean compress) {
    /** Section 3: guilds by id, everything without a guild to shard 0. */
    public boolean owns(String guildId) {
        return (guildId.isEmpty() ? 0 : shardOf(guildId, count)) == shard;
    }

    public static int shardOf(String guildId, int count) {
        return (int) ((Long.parseUnsignedLong(guildId) >>> 22) % count);
    }
}
