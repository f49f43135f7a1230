package loom.dispatch.broker;

/**
 * Which shards this process runs.
 *
 * @param first the first of them
 * @param last the last of them, inclusive
 * @param total how many the bot has in all processes
 */
public record LocalShards(int first, int last, int total) {

    /** Refuses a range that is backwards or beyond the total. */
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

    /** Discord's rule: the shard that hears of a guild is {@code (guild_id >> 22) % total}. */
    public int ofGuild(long guildId) {
        return (int) ((guildId >>> 22) % total);
    }
}
