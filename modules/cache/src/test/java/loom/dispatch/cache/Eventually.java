package loom.dispatch.cache;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or a server is about to do. */
final class Eventually {
    private Eventually() {}

    static void isTrue(String what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            Thread.sleep(5);
        }
    }
}
