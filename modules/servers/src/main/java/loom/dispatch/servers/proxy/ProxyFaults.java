package loom.dispatch.servers.proxy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The faults of one direction of a {@link FaultProxy}, for all its connections. Any thread sets a
 * fault; the forwarding threads read it. The lock lets them wait for the end of a stall.
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

    /** Blocks while this direction is stalled. The end of the connection interrupts the wait. */
    synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    /** The delay for a chunk that arrives now. */
    long chunkDelayNanos() {
        long jitter = jitterNanos;
        return delayNanos + (jitter > 0 ? ThreadLocalRandom.current().nextLong(jitter) : 0);
    }

    /** The transfer time of this number of bytes at the bandwidth limit. */
    long transferNanos(int bytes) {
        long limit = bytesPerSecond;
        return limit > 0 ? Duration.ofSeconds(1).toNanos() / limit * bytes : 0;
    }

    /** The part of the bytes that may pass before the cut. The cut is due if it is smaller. */
    int passBeforeCut(int bytes) {
        long before =
                bytesUntilCut.getAndUpdate(
                        left -> left == NO_CUT || left < bytes ? NO_CUT : left - bytes);
        return (int) Math.min(bytes, before);
    }
}
