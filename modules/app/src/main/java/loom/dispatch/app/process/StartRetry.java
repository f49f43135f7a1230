package loom.dispatch.app.process;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.runtime.EventLog;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Waiting between attempts: doubling from half a second to half a minute, with jitter. */
public final class StartRetry {
    private static final long FIRST_MILLIS = 500;
    private static final long MOST_MILLIS = 30_000;

    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private int failures;

    /** Asks Redis until it answers. Blocks; interruptible. */
    public static <T> T withRedis(Supplier<T> question) throws InterruptedException {
        var patience = new StartRetry();
        while (true) {
            try {
                return question.get();
            } catch (RedisUnavailableException e) {
                Duration pause = patience.next(Duration.ZERO);
                LOG.write(AppLogEvents.REDIS_UNAVAILABLE_AT_START, e.getMessage(), pause);
                Thread.sleep(pause);
            }
        }
    }

    /** How long to wait after one more failure; at least {@code least}. */
    public Duration next(Duration least) {
        long most = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(failures, 10));
        failures++;
        long jittered = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
        return Duration.ofMillis(Math.max(jittered, least.toMillis()));
    }
}
