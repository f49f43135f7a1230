package loom.dispatch.app.process;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.RetryBackoff;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Computes the waits between attempts of a start. They double from 0.5 s to 30 s. */
public final class StartRetry {
    private static final RetryBackoff BACKOFF = new RetryBackoff(500, 30_000);

    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private int failures;

    /** Repeats an operation until Redis answers. Blocks; interruptible. */
    public static <T> T withRedis(Supplier<T> question) throws InterruptedException {
        var retry = new StartRetry();
        while (true) {
            try {
                return question.get();
            } catch (RedisUnavailableException e) {
                Duration pause = retry.next(Duration.ZERO);
                LOG.write(AppLogEvents.REDIS_UNAVAILABLE_AT_START, e.getMessage(), pause);
                Thread.sleep(pause);
            }
        }
    }

    /** Returns the wait after one more failure, which is at least {@code least}. */
    public Duration next(Duration least) {
        failures++;
        long wait = BACKOFF.delayMillis(failures, ThreadLocalRandom.current());
        return Duration.ofMillis(Math.max(wait, least.toMillis()));
    }
}
