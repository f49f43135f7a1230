package loom.dispatch.gateway;

import java.net.URI;
import java.time.Duration;

/**
 * The configuration of the shards of this process.
 *
 * @param token the bot's token
 * @param url the main gateway URL, {@code ws://} or {@code wss://}
 * @param firstShard the first shard of this process
 * @param lastShard the last shard of this process, inclusive
 * @param totalShards the number of shards over all processes
 * @param maxConcurrency the number of shards that may IDENTIFY at the same time, {@code
 *     max_concurrency} of {@code /gateway/bot}
 * @param identifyInterval the time between two IDENTIFYs of the same key, from when the first was
 *     sent
 * @param intents the intents' bits, sent to Discord as they are
 * @param largeThreshold 50 to 250
 * @param presence the presence in IDENTIFY
 * @param compression the transport compression
 * @param shardBacklogBytes the bytes of unsettled events that one shard may hold in memory
 * @param totalBacklogBytes the bytes of unsettled events that all shards together may hold in
 *     memory
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

    /** Returns the number of shards of this process. */
    public int shardCount() {
        return lastShard - firstShard + 1;
    }
}
