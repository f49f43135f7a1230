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
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode = 1;

    private ShutdownRequest() {}

    /** Installs the shutdown hook. */
    static ShutdownRequest onSignal() {
        var shutdown = new ShutdownRequest();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("ending").unstarted(shutdown::await));
        return shutdown;
    }

    private void await() {
        requested.countDown();
        try {
            if (!finished.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("demo: the demo did not end within 60 s");
            }
        } catch (InterruptedException _) {
            // No thread interrupts a shutdown hook. If it happens, end with the current exit code.
        }
        // An exit by a signal would report 130.
        Runtime.getRuntime().halt(exitCode);
    }

    /** Waits for a signal, at most this long. Returns true if one has arrived. */
    boolean awaitRequest(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the process. The main thread calls it once. */
    void exit(int code) {
        exitCode = code;
        finished.countDown();
        System.exit(code);
    }
}
