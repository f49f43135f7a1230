package loom.dispatch.benchmarks.discord;

/**
 * When each message was written to its socket. Written by the sender, read by the consumer, which
 * gets to know of a message only after it was sent.
 */
public final class SendTimes {
    /** All rings together hold a million messages: far more than can be under way. */
    private static final int MESSAGES = 1 << 20;

    private final long[][] nanos;
    private final int mask;

    public SendTimes(int shards) {
        int each = Integer.highestOneBit(Math.max(1, MESSAGES / shards));
        nanos = new long[shards][each];
        mask = each - 1;
    }

    void sent(int shard, int sequence, long nowNanos) {
        nanos[shard][sequence & mask] = nowNanos;
    }

    public long of(int shard, int sequence) {
        return nanos[shard][sequence & mask];
    }
}
