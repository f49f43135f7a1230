package loom.dispatch.metrics;

import static java.lang.System.Logger.Level.ERROR;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Records the rate of a growing counter over the last ten minutes, in events per second.
 *
 * <p>A virtual thread of its own takes the samples. A lock lets readers copy a consistent list.
 */
public final class RateHistory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.metrics");

    /** The time between two samples. */
    public static final Duration STEP = Duration.ofSeconds(2);

    /** The number of kept samples: ten minutes in steps of 2 s. */
    static final int CAPACITY = 300;

    private final LongSupplier total;
    private final Deque<Double> rates = new ArrayDeque<>(CAPACITY);
    private long lastTotal;
    private long lastNanos;
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    RateHistory(LongSupplier total, long nowNanos) {
        this.total = total;
        lastTotal = total.getAsLong();
        lastNanos = nowNanos;
    }

    /** Starts sampling. The history's thread calls the supplier, which must not block. */
    public static RateHistory start(LongSupplier total) {
        var history = new RateHistory(total, System.nanoTime());
        history.thread = Thread.ofVirtual().name("rate-history").start(history::run);
        return history;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(STEP);
                sample(System.nanoTime());
            }
        } catch (InterruptedException _) {
            // closed
        } catch (RuntimeException e) {
            LOG.log(ERROR, "rates.stopped error=\"" + e + "\"", e);
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
        thread.interrupt();
    }
}
