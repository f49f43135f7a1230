package loom.dispatch.app.process;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The life of the process: SIGTERM and SIGINT interrupt the main thread, wherever it is, and the
 * process ends with the code that the main thread then gives.
 *
 * <p>The JVM answers a signal by running its shutdown hooks; ours waits for the main thread, which
 * drains within its own deadline, and then halts with the exit code, because a JVM that ends by a
 * signal would report 143 or 130.
 */
public final class ProcessLifecycle {
    private final Thread main;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile ExitCode exitCode = ExitCode.FAILED;

    private ProcessLifecycle(Thread main) {
        this.main = main;
    }

    /** Called by the main thread; signals interrupt it from now on. */
    public static ProcessLifecycle ofThisProcess() {
        var lifetime = interrupting(Thread.currentThread());
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform().name("shutdown").unstarted(lifetime::onShutdown));
        return lifetime;
    }

    /** Interrupts this thread on a failure, and handles no signals. */
    public static ProcessLifecycle interrupting(Thread main) {
        return new ProcessLifecycle(main);
    }

    private void onShutdown() {
        if (ended.getCount() == 0) {
            return;
        }
        main.interrupt();
        try {
            ended.await();
        } catch (InterruptedException _) {
            // nobody interrupts a hook; if so, end as we are
        }
        Runtime.getRuntime().halt(exitCode.code());
    }

    /**
     * Ends the service because of an unexpected error. Any thread may call it; the first counts.
     */
    public void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        main.interrupt();
    }

    /** Returns the first cause that {@link #fail} was given; empty after a signal. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Ends the process. Called by the main thread, once. */
    public void end(ExitCode code) {
        exitCode = code;
        ended.countDown();
        System.exit(code.code());
    }
}
