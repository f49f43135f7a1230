package loom.dispatch.simulator.world;

/**
 * The values of a session's IDENTIFY.
 *
 * @param shard its shard id
 * @param count its shard count
 */
public record IdentifyRequest(
        int shard, int count, int intents, int largeThreshold, boolean compress) {
    /**
     * Returns true if this shard gets the guild's events (section 3). Shard 0 gets events without a
     * guild.
     */
    public boolean owns(String guildId) {
        return (guildId.isEmpty() ? 0 : shardOf(guildId, count)) == shard;
    }

    public static int shardOf(String guildId, int count) {
        return (int) ((Long.parseUnsignedLong(guildId) >>> 22) % count);
    }
}
