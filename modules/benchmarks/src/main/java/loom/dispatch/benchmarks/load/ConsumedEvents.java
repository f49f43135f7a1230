package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.SendTimes;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.TimeUnit;

/**
 * What arrived behind the image: how much, how late, and whether each shard's order was kept.
 *
 * <p>Each connection of the broker counts, one at a time; others read the counters and take the
 * latencies.
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

    /** A message has arrived; those from before the tape do not count. */
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

    /** Messages of the tape so far. */
    long received() {
        return received;
    }

    /** Messages that were not the next of their shard: lost, repeated or out of order. */
    long outOfOrder() {
        return outOfOrder;
    }

    /** How late, in nanoseconds, those were that came since this was last asked. */
    Histogram takeLatencies() {
        return latencies.getIntervalHistogram();
    }
}
