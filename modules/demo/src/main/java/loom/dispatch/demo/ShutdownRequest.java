package loom.dispatch.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the main thread end the demo in order after Ctrl-C. The JVM runs its shutdown hooks on a
 * signal; this hook waits until the main thread has drained and printed the summary.
 */
final class ShutdownRequest {
    /** 30 s for the drain, 20 s for the image's own deadline, 10 s for the servers. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile int exitCode = 1;

    private ShutdownRequest() {}

    /** Installs the shutdown hook. */
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
            // No thread interrupts a shutdown hook. If it happens, end with the current exit code.
        }
        // An exit by a signal would report 130.
        Runtime.getRuntime().halt(exitCode);
    }

    /** Waits for a signal, at most this long. Returns true if one has arrived. */
    boolean wantedWithin(Duration atMost) throws InterruptedException {
        return wanted.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the process. The main thread calls it once. */
    void reached(int code) {
        exitCode = code;
        reached.countDown();
        System.exit(code);
    }
}
