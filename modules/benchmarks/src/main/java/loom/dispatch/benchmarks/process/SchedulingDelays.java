package loom.dispatch.benchmarks.process;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late anything at all comes on this machine in this process: a thread that sleeps for a
 * millisecond and records by how much it overslept. Whatever is measured here is as late.
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

    /** By how many nanoseconds, each time since this was last asked. */
    public Histogram take() {
        return overslept.getIntervalHistogram();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
