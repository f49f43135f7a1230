package loom.dispatch.metrics;

import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Records the rate of a growing counter over the last ten minutes, in events per second.
 *
 * <p>A thread of its own takes the samples. A lock lets readers copy a consistent list.
 */
public final class RateHistory implements SupervisedLoop, AutoCloseable {
    /** The time between two samples. */
    public static final Duration STEP = Duration.ofSeconds(2);

    /** The number of kept samples: ten minutes in steps of 2 s. */
    static final int CAPACITY = 300;

    private final LongSupplier total;
    private final Deque<Double> rates = new ArrayDeque<>(CAPACITY);
    private long lastTotal;
    private long lastNanos;
    private Optional<SupervisedThread> thread = Optional.empty();

    RateHistory(LongSupplier total, long nowNanos) {
        this.total = total;
        lastTotal = total.getAsLong();
        lastNanos = nowNanos;
    }

    /**
     * Starts sampling. The history's thread calls the supplier, which must not block.
     *
     * @param name names the thread
     */
    public static RateHistory start(SupervisedThreads threads, String name, LongSupplier total) {
        var history = new RateHistory(total, System.nanoTime());
        history.thread = Optional.of(threads.start(name, history));
        return history;
    }

    /** Takes a sample each step. */
    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.expectWithin(STEP);
            Thread.sleep(STEP);
            sample(System.nanoTime());
        }
    }

    /** Takes one sample. Divides by the measured time, because the thread may wake up late. */
    synchronized void sample(long nowNanos) {
        long now = total.getAsLong();
        if (rates.size() == CAPACITY) {
            rates.removeFirst();
        }
        rates.addLast((now - lastTotal) * 1e9 / Math.max(1, nowNanos - lastNanos));
        lastTotal = now;
        lastNanos = nowNanos;
    }

    /** Returns the rates, oldest first. Any thread may call it. */
    public synchronized List<Double> perSecond() {
        return List.copyOf(rates);
    }

    @Override
    public void close() {
        thread.ifPresent(SupervisedThread::stop);
    }
}
