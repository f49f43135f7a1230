package loom.dispatch.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into a wish of the main thread's own time: the JVM answers a signal with its
 * shutdown hooks, and this one waits until the main thread has drained and said how it went.
 */
final class ShutdownRequest {
    /** Drain 30 s, the image's own deadline 20 s, and the stores 10 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile int exitCode = 1;

    private ShutdownRequest() {}

    /** From now on a signal is a wish. */
    static ShutdownRequest onSignal() {
        var ending = new ShutdownRequest();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("ending").unstarted(ending::await));
        return ending;
    }

    private void await() {
        wanted.countDown();
        try {
            if (!reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("demo: gave up waiting for the end");
            }
        } catch (InterruptedException _) {
            // nobody interrupts a hook; if so, end as we are
        }
        // an exit by a signal would report 130
        Runtime.getRuntime().halt(exitCode);
    }

    /** Waits so long, or until the end is wanted; says whether it is. */
    boolean wantedWithin(Duration atMost) throws InterruptedException {
        return wanted.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the process; called by the main thread, once. */
    void reached(int code) {
        exitCode = code;
        reached.countDown();
        System.exit(code);
    }
}
