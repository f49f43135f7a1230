package loom.dispatch.app.process;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Interrupts the main thread on SIGTERM and SIGINT, and ends the process with the exit code that
 * the main thread returns.
 *
 * <p>On a signal the JVM runs its shutdown hooks. The hook of this class waits for the main thread,
 * which drains within its own deadline, and then halts with the exit code. Otherwise the JVM would
 * exit with 143 or 130.
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
            // a hook is never interrupted; if it is, the process ends at once
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
