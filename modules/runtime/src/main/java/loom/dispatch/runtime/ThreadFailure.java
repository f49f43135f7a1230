package loom.dispatch.runtime;

import java.util.Objects;

/**
 * Reports that a supervised thread ended, or did not start, because of a throwable.
 *
 * @param threadName the name that the thread was started with
 * @param cause the throwable that nothing in the loop caught
 */
public record ThreadFailure(String threadName, Throwable cause) {

    /** Checks that both parts are present. */
    public ThreadFailure {
        Objects.requireNonNull(threadName, "threadName");
        Objects.requireNonNull(cause, "cause");
    }
}
