package loom.dispatch.benchmarks.process;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how late a thread wakes up on this machine: it sleeps for a millisecond and records the
 * excess. Every measured latency includes this delay.
 */
public final class SchedulingDelays implements AutoCloseable {
    private static final long SLEEP_NANOS = 1_000_000;

    private final SingleWriterRecorder overslept =
            new SingleWriterRecorder(TimeUnit.MINUTES.toNanos(5), 3);
    private final Thread thread = Thread.ofPlatform().daemon().name("hiccups").start(this::run);

    private void run() {
        long before = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(SLEEP_NANOS);
            long now = System.nanoTime();
            overslept.recordValue(Math.max(0, now - before - SLEEP_NANOS));
            before = now;
        }
    }

    /** Returns the delays in nanoseconds since the previous call. */
    public Histogram take() {
        return overslept.getIntervalHistogram();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
