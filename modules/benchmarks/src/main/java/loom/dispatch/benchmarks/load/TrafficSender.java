package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.discord.ReplayConnection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Makes the shards send their recording: at full speed or at a steady rate. */
final class TrafficSender {
    /**
     * A large batch keeps the benchmark's cost low. The socket may then be full, as with a slow
     * reader.
     */
    private static final int AT_ONCE = 256;

    private static final long TICK_NANOS = 500_000;
    private static final long PAUSE_NANOS = 5_000_000;

    /**
     * The most messages between a socket and the consumer: four times 16 windows of 500, so that no
     * lane waits for work. At 1,000 events/s they drain within BenchSetup's limit.
     */
    private static final long MAX_IN_FLIGHT = 32_000;

    private final List<ReplayConnection> shards;
    private final ConsumedEvents arrivals;
    private final AtomicLong sent = new AtomicLong();

    TrafficSender(List<ReplayConnection> shards, ConsumedEvents arrivals) {
        this.shards = shards;
        this.arrivals = arrivals;
    }

    /** Returns the messages that all calls have sent. */
    long sent() {
        return sent.get();
    }

    /** Sends on all shards as fast as the messages arrive. */
    void flood(long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        List<Thread> threads = new ArrayList<>();
        for (ReplayConnection shard : shards) {
            threads.add(Thread.startVirtualThread(() -> flood(shard, until)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void flood(ReplayConnection shard, long until) {
        try {
            for (long now = System.nanoTime(); now < until; now = System.nanoTime()) {
                if (sent.get() - arrivals.received() < MAX_IN_FLIGHT) {
                    shard.send(AT_ONCE, now);
                    sent.addAndGet(AT_ONCE);
                } else {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (IOException gone) {
            throw new IllegalStateException("the image closed a connection", gone);
        }
    }

    /** Sends this many messages per second, over all shards in turn. */
    void steadily(double perSecond, long nanos) throws IOException {
        long start = System.nanoTime();
        long mine = 0;
        for (long now = start; now - start < nanos; now = System.nanoTime()) {
            long due = (long) ((now - start) * perSecond / TimeUnit.SECONDS.toNanos(1));
            for (; mine < due; mine++) {
                shards.get((int) (mine % shards.size())).send(1, now);
                sent.incrementAndGet();
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }
}
