package loom.dispatch.metrics;

import static java.lang.System.Logger.Level.ERROR;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Turns a growing total into events a second over the last minutes.
 *
 * <p>Owner of the samples: its own virtual thread; readers share a short lock with it, for they
 * need all values of one moment.
 */
public final class RateHistory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.metrics");

    /** Between two samples. */
    public static final Duration STEP = Duration.ofSeconds(2);

    /** Ten minutes: 300 steps of 2 s, a value per pixel and a half of the page's chart. */
    static final int MOST = 300;

    private final LongSupplier total;
    private final Deque<Double> rates = new ArrayDeque<>(MOST);
    private long lastTotal;
    private long lastNanos;
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    RateHistory(LongSupplier total, long nowNanos) {
        this.total = total;
        lastTotal = total.getAsLong();
        lastNanos = nowNanos;
    }

    /** Begins to watch; the supplier is asked on a thread of its own and must not block. */
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

    /** Takes one sample; the rate is over the time that has really passed. */
    synchronized void sample(long nowNanos) {
        long now = total.getAsLong();
        if (rates.size() == MOST) {
            rates.removeFirst();
        }
        rates.addLast((now - lastTotal) * 1e9 / Math.max(1, nowNanos - lastNanos));
        lastTotal = now;
        lastNanos = nowNanos;
    }

    /** The rates, oldest first; from any thread. */
    public synchronized List<Double> perSecond() {
        return List.copyOf(rates);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
