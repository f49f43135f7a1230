package loom.dispatch.app.log;

import java.util.logging.LogManager;

/**
 * Keeps the log while the process ends. The JDK's own manager takes its handlers away when the JVM
 * shuts down, which begins with the signal: a drain would say nothing.
 *
 * <p>The image's options name it as {@code java.util.logging.manager}.
 */
public final class ShutdownSafeLogManager extends LogManager {
    /** For java.util.logging, which makes the only one. */
    public ShutdownSafeLogManager() {}

    /** Leaves all handlers where they are; they write through and need no closing. */
    @Override
    public void reset() {}
}
