package loom.dispatch.servers.process;

import loom.dispatch.servers.ServerFailure;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until several servers together are what they should be. */
public final class GroupWait {
    /** Forming takes a few seconds on an idle machine; this one may be busy with a build. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long POLL_MILLIS = 20;

    private GroupWait() {}

    public static void until(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > deadlineNanos) {
                    throw new ServerFailure(what + " not within " + LIMIT);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }
}
