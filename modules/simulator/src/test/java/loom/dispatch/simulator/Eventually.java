package loom.dispatch.simulator;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline. */
public final class Eventually {
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private Eventually() {}

    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the condition never came true");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
