package loom.dispatch.broker;

/**
 * The range of shards that this process runs.
 *
 * @param first the first shard id
 * @param last the last shard id, inclusive
 * @param total the bot's number of shards over all processes
 */
public record LocalShards(int first, int last, int total) {

    /** Rejects an empty range and a range beyond the total. */
    public LocalShards {
        if (first < 0 || last < first || total <= last) {
            throw new IllegalArgumentException(
                    "shards %d to %d of %d".formatted(first, last, total));
        }
    }

    public boolean owns(int shard) {
        return first <= shard && shard <= last;
    }

    public boolean ownsAll() {
        return first == 0 && last == total - 1;
    }

    public boolean exists(int shard) {
        return 0 <= shard && shard < total;
    }

    /** Returns the shard that receives a guild's events: {@code (guild_id >> 22) % total}. */
    public int ofGuild(long guildId) {
        return (int) ((guildId >>> 22) % total);
    }
}
