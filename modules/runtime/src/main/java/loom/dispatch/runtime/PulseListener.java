package loom.dispatch.runtime;

/**
 * Receives each beat of each supervised thread. Tests use it to throw inside a chosen loop.
 *
 * <p>The supervised threads call it concurrently. It must not block.
 */
@FunctionalInterface
public interface PulseListener {
    /** Does nothing. */
    PulseListener NONE = _ -> {};

    /** Runs on the thread that beats. What it throws, the loop throws. */
    void beat(String threadName);
}
