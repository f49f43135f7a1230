package loom.dispatch.image.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition with a deadline. */
public final class Eventually {
    private static final long POLL_NANOS = 10_000_000;

    private Eventually() {}

    /** Returns when the condition holds; fails after the time, saying what was awaited. */
    public static void await(
            String what, Duration atMost, Supplier<String> details, Callable<Boolean> condition)
            throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what + "\n" + details.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
