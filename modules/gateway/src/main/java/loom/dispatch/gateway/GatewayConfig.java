package loom.dispatch.gateway;

import java.net.URI;
import java.time.Duration;

/**
 * Which shards to hold, and how.
 *
 * @param token the bot's token
 * @param url the main gateway URL, {@code ws://} or {@code wss://}
 * @param firstShard the first shard that this process holds
 * @param lastShard the last one, inclusive
 * @param totalShards over all processes
 * @param maxConcurrency IDENTIFYs at a time, {@code max_concurrency} of {@code /gateway/bot}
 * @param identifyInterval between two IDENTIFYs of the same key, from when the first has left
 * @param intents the intents' bits, passed as they are
 * @param largeThreshold 50 to 250
 * @param presence shown from IDENTIFY on
 * @param compression of what Discord sends
 * @param shardBacklogBytes the unsettled events that one shard may hold in memory
 * @param totalBacklogBytes and all shards together
 */
public record GatewayConfig(
        BotToken token,
        URI url,
        int firstShard,
        int lastShard,
        int totalShards,
        int maxConcurrency,
        Duration identifyInterval,
        long intents,
        int largeThreshold,
        Presence presence,
        Compression compression,
        long shardBacklogBytes,
        long totalBacklogBytes) {

    public GatewayConfig {
        if (firstShard < 0 || firstShard > lastShard || lastShard >= totalShards) {
            throw new IllegalArgumentException(
                    "shards " + firstShard + " to " + lastShard + " of " + totalShards);
        }
        if (maxConcurrency < 1) {
            throw new IllegalArgumentException("max_concurrency " + maxConcurrency);
        }
        if (largeThreshold < 50 || largeThreshold > 250) {
            throw new IllegalArgumentException("large_threshold " + largeThreshold);
        }
    }

    /** How many shards this process holds. */
    public int shardCount() {
        return lastShard - firstShard + 1;
    }
}
