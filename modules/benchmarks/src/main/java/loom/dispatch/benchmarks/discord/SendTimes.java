package loom.dispatch.benchmarks.discord;

/**
 * The time of each message's write to its socket. The sender writes it. The consumer reads it after
 * the message arrived, which is after the write.
 */
public final class SendTimes {
    /** All rings together hold 2^20 messages, far more than can be in flight. */
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
