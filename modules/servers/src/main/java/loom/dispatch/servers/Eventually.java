package loom.dispatch.servers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits until a condition holds, and fails with an {@link AssertionError} at a deadline.
 *
 * <p>The calling thread evaluates the condition every few milliseconds.
 */
public final class Eventually {
    /** A cluster forms in a few seconds on an idle machine; a build may keep the machine busy. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long POLL_NANOS = 5_000_000;

    private Eventually() {}

    /** A condition that may throw. */
    @FunctionalInterface
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    /** Waits for at most 60 seconds. */
    public static <E extends Exception> void await(String expected, Condition<E> condition)
            throws E {
        await(expected, LIMIT, condition);
    }

    /**
     * @param expected names the condition in the error message
     */
    public static <E extends Exception> void await(
            String expected, Duration limit, Condition<E> condition) throws E {
        await(expected, limit, () -> "", condition);
    }

    /**
     * @param details goes into the error message, for example the output of a process
     */
    public static <E extends Exception> void await(
            String expected, Duration limit, Supplier<String> details, Condition<E> condition)
            throws E {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError(
                        "not within " + limit + ": " + expected + "\n" + details.get());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + expected);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
