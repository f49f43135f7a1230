package loom.dispatch.app.log;

import java.util.logging.LogManager;

/**
 * Keeps the log handlers during a drain. The JDK's log manager removes them when the shutdown of
 * the JVM starts, which is at the signal, so a drain would log nothing.
 *
 * <p>The image's options set it as {@code java.util.logging.manager}.
 */
public final class ShutdownSafeLogManager extends LogManager {
    /** java.util.logging creates the only instance. */
    public ShutdownSafeLogManager() {}

    /** Does nothing. The handlers write at once and need no close. */
    @Override
    public void reset() {}
}
