package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.SendTimes;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.TimeUnit;

/**
 * Counts the consumed events, their latency, and events out of order per shard.
 *
 * <p>Broker connections call {@code count}, one at a time. Other threads read the counters and take
 * the latencies.
 */
final class ConsumedEvents {
    private final SendTimes times;
    private final int[] last;
    private volatile long received;
    private volatile long outOfOrder;
    private final SingleWriterRecorder latencies =
            new SingleWriterRecorder(TimeUnit.MINUTES.toNanos(5), 3);

    ConsumedEvents(int shards, SendTimes times) {
        this.times = times;
        last = new int[shards];
    }

    /** Counts a message. Messages from before the recording do not count. */
    synchronized void count(int shard, int sequence, long nowNanos) {
        if (sequence < CompressedTraffic.FIRST_SEQUENCE) {
            return;
        }
        if (last[shard] != 0 && sequence != last[shard] + 1) {
            outOfOrder = outOfOrder + 1;
        }
        last[shard] = sequence;
        long took = nowNanos - times.of(shard, sequence);
        latencies.recordValue(Math.clamp(took, 0, TimeUnit.MINUTES.toNanos(4)));
        received = received + 1;
    }

    /** Returns the received messages of the recording. */
    long received() {
        return received;
    }

    /**
     * Returns the messages that were not the next of their shard: lost, repeated or out of order.
     */
    long outOfOrder() {
        return outOfOrder;
    }

    /** Returns the latencies in nanoseconds since the previous call. */
    Histogram takeLatencies() {
        return latencies.getIntervalHistogram();
    }
}
