package loom.dispatch.runtime;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The sign of life of one supervised thread. The thread writes it; any thread may read it.
 *
 * <p>Each of the four reports counts as a beat. A report replaces the one before it:
 *
 * <ul>
 *   <li>{@link #beat}: the loop has started a round.
 *   <li>{@link #expectBy} and {@link #expectWithin}: the next beat comes at that time at the
 *       latest.
 *   <li>{@link #waiting}: the next beat may take any time, for example on an empty queue.
 * </ul>
 */
public final class ThreadPulse {
    private final String threadName;
    private final LongSupplier nanoTime;
    private final PulseListener listener;
    private volatile long dueNanos;
    private volatile boolean waiting;

    ThreadPulse(String threadName, LongSupplier nanoTime, PulseListener listener) {
        this.threadName = threadName;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.dueNanos = nanoTime.getAsLong();
    }

    /** Reports that the loop has started a round. */
    public void beat() {
        expectBy(nanoTime.getAsLong());
    }

    /**
     * Reports that the loop beats again at this time at the latest.
     *
     * @param nanos a time of the clock that the threads' owner uses, as {@link System#nanoTime}
     */
    public void expectBy(long nanos) {
        // the order matters: a reader that sees the loop working must see its new time
        dueNanos = nanos;
        waiting = false;
        listener.beat(threadName);
    }

    /** Reports that the loop beats again after this time at the latest. */
    public void expectWithin(Duration wait) {
        expectBy(nanoTime.getAsLong() + wait.toNanos());
    }

    /** Reports that the loop waits without a bound. Call {@link #beat} after the wait. */
    public void waiting() {
        waiting = true;
        listener.beat(threadName);
    }

    /** Returns how long ago the next beat was due; negative or 0 if the loop is in time. */
    long overdueNanos() {
        return waiting ? 0 : nanoTime.getAsLong() - dueNanos;
    }
}
