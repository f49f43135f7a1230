package loom.dispatch.servers.proxy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is wrong with one direction of a {@link FaultProxy}, for all its connections. Fields are
 * written by whoever switches a fault and read by the threads that move bytes; the lock is there to
 * wait for the end of a stall.
 */
final class ProxyFaults {
    private static final long NO_CUT = Long.MAX_VALUE;

    private final AtomicLong bytesUntilCut = new AtomicLong(NO_CUT);
    private volatile long delayNanos;
    private volatile long jitterNanos;
    private volatile long bytesPerSecond;
    private boolean stalled;

    void delay(Duration delay, Duration jitter) {
        delayNanos = delay.toNanos();
        jitterNanos = jitter.toNanos();
    }

    void bandwidth(long limit) {
        bytesPerSecond = limit;
    }

    void cutAfter(long bytes) {
        bytesUntilCut.set(bytes);
    }

    synchronized void stall(boolean stall) {
        stalled = stall;
        notifyAll();
    }

    /** Blocks while this direction is stalled; until the connection ends, by interruption. */
    synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /** How long a chunk that arrives now is held back. */
    long lateNanos() {
        long jitter = jitterNanos;
        return delayNanos + (jitter > 0 ? ThreadLocalRandom.current().nextLong(jitter) : 0);
    }

    /** How long so many bytes take at the bandwidth. */
    long transferNanos(int bytes) {
        long limit = bytesPerSecond;
        return limit > 0 ? Duration.ofSeconds(1).toNanos() / limit * bytes : 0;
    }

    /** How many of so many bytes may pass before the cut; the cut is due when not all of them. */
    int passBeforeCut(int bytes) {
        long before =
                bytesUntilCut.getAndUpdate(
                        left -> left == NO_CUT || left < bytes ? NO_CUT : left - bytes);
        return (int) Math.min(bytes, before);
    }
}
