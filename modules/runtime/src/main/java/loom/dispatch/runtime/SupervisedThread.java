package loom.dispatch.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** A running thread of {@link SupervisedThreads}. All methods are safe for use by any thread. */
public final class SupervisedThread {
    private final String name;
    private final ThreadPulse pulse;
    private final Thread thread;
    private volatile boolean stopping;

    SupervisedThread(
            SupervisedThreads owner,
            String name,
            SupervisedLoop loop,
            ThreadPulse pulse,
            ThreadFactory factory) {
        this.name = name;
        this.pulse = pulse;
        this.thread = factory.newThread(() -> owner.supervise(this, loop));
    }

    /** Returns the name that the thread was started with. */
    public String name() {
        return name;
    }

    /**
     * Asks the thread to end by an interrupt, and returns at once.
     *
     * <p>From now on an {@link InterruptedException} that leaves the loop is a normal end.
     */
    public void stop() {
        stopping = true;
        thread.interrupt();
    }

    /** Waits until the thread has ended. Blocks without a bound; an interrupt ends the wait. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /**
     * Waits until the thread has ended. Blocks for this time at most; an interrupt ends the wait.
     *
     * @return whether the thread has ended
     */
    public boolean join(Duration most) throws InterruptedException {
        return thread.join(most);
    }

    /** Returns whether the thread has not ended. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    void start() {
        thread.start();
    }

    boolean isStopping() {
        return stopping;
    }

    ThreadPulse pulse() {
        return pulse;
    }

    /** Returns the name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
