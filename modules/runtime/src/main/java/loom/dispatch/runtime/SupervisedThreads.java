package loom.dispatch.runtime;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Starts long-lived threads, reports every throwable that ends one, and finds those that hang.
 *
 * <p>A thread is in the list from its start to its end. It leaves the list before its failure is
 * reported, so that a failure handler can stop and join all others. The list holds the threads
 * strongly: a virtual thread that nothing else refers to is not garbage while it waits.
 *
 * <p>All methods are safe for use by any thread. None of them blocks.
 */
public final class SupervisedThreads {
    private final Consumer<ThreadFailure> failureHandler;
    private final LongSupplier nanoTime;
    private final PulseListener pulseListener;
    private final Set<SupervisedThread> threads = ConcurrentHashMap.newKeySet();

    /**
     * Uses {@link System#nanoTime}, and no pulse listener.
     *
     * @param failureHandler runs on the thread that failed
     */
    public SupervisedThreads(Consumer<ThreadFailure> failureHandler) {
        this(failureHandler, System::nanoTime, PulseListener.NONE);
    }

    /**
     * Creates threads for a program without a supervisor, for example a command that ends soon. A
     * failure goes to the thread's uncaught exception handler.
     */
    public static SupervisedThreads unsupervised() {
        return new SupervisedThreads(failure -> {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure.cause());
        });
    }

    /**
     * Uses a clock and a pulse listener of the caller's.
     *
     * @param failureHandler runs on the thread that failed, or on the starter's if a start fails;
     *     what it throws goes to the thread's uncaught exception handler
     * @param nanoTime a monotonic clock, in nanoseconds
     */
    public SupervisedThreads(
            Consumer<ThreadFailure> failureHandler,
            LongSupplier nanoTime,
            PulseListener pulseListener) {
        this.failureHandler = Objects.requireNonNull(failureHandler, "failureHandler");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.pulseListener = Objects.requireNonNull(pulseListener, "pulseListener");
    }

    /**
     * Starts a virtual thread.
     *
     * <p>If the thread cannot be started, the failure handler learns of it. The throwable then goes
     * to the caller.
     *
     * @param name names the thread in logs and thread dumps; it need not be unique
     */
    public SupervisedThread start(String name, SupervisedLoop loop) {
        return start(name, loop, Thread.ofVirtual().name(name).factory());
    }

    /**
     * Starts a platform daemon thread, otherwise as {@link #start}.
     *
     * <p>Use it for work that pins or occupies a carrier thread for long, for example native code.
     */
    public SupervisedThread startPlatform(String name, SupervisedLoop loop) {
        return start(name, loop, Thread.ofPlatform().daemon().name(name).factory());
    }

    SupervisedThread start(String name, SupervisedLoop loop, ThreadFactory factory) {
        Objects.requireNonNull(loop, "loop");
        var pulse = new ThreadPulse(name, nanoTime, pulseListener);
        var thread = new SupervisedThread(this, name, loop, pulse, factory);
        threads.add(thread);
        try {
            thread.start();
        } catch (Throwable failed) {
            threads.remove(thread);
            report(new ThreadFailure(name, failed));
            throw failed;
        }
        return thread;
    }

    /** Returns the threads that have not ended, in the order of their names. */
    public List<SupervisedThread> live() {
        return threads.stream().sorted(Comparator.comparing(SupervisedThread::name)).toList();
    }

    /**
     * Returns the names of the loops whose beat is late, sorted.
     *
     * <p>A beat is late if it was due longer ago than the tolerance. After {@link ThreadPulse#beat}
     * the next one is due at once; {@link ThreadPulse} lists the other cases.
     */
    public List<String> overdue(Duration tolerance) {
        return threads.stream()
                .filter(thread -> thread.pulse().overdueNanos() > tolerance.toNanos())
                .map(SupervisedThread::name)
                .sorted()
                .toList();
    }

    /** Is the body of each thread. */
    void supervise(SupervisedThread thread, SupervisedLoop loop) {
        try {
            thread.pulse().beat();
            loop.run(thread.pulse());
            threads.remove(thread);
        } catch (Throwable cause) {
            threads.remove(thread);
            if (!(cause instanceof InterruptedException && thread.isStopping())) {
                report(new ThreadFailure(thread.name(), cause));
            }
        }
    }

    /** A handler that fails must not hide what it was told. */
    private void report(ThreadFailure failure) {
        try {
            failureHandler.accept(failure);
        } catch (Throwable handlerFailed) {
            if (handlerFailed != failure.cause()) {
                handlerFailed.addSuppressed(failure.cause());
            }
            throw handlerFailed;
        }
    }
}
