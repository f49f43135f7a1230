package loom.dispatch.cache.redis;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.cache.RedisTopology;
import loom.dispatch.runtime.EventLog;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tracks whether Redis answers, and logs each outage once for all waiting threads. Any thread may
 * call it; its state is atomic.
 */
public final class RedisOutageLog {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    /**
     * Hundreds of shards may wait at the same time. One line a second is enough for an operator.
     */
    private static final long LINE_NANOS = 1_000_000_000L;

    private static final long NONE = Long.MIN_VALUE;

    private final String target;
    private final AtomicLong sinceNanos = new AtomicLong(NONE);
    private final AtomicLong loggedNanos = new AtomicLong(NONE);

    public RedisOutageLog(RedisTopology target) {
        this.target = target.toString();
    }

    public boolean isActive() {
        return sinceNanos.get() != NONE;
    }

    public void begin() {
        sinceNanos.compareAndSet(NONE, now());
    }

    public void logRetry(Throwable failure, int attempt, long retryMillis) {
        begin();
        long now = now();
        long logged = loggedNanos.get();
        if ((logged == NONE || now - logged >= LINE_NANOS)
                && loggedNanos.compareAndSet(logged, now)) {
            LOG.write(
                    CacheLogEvents.REDIS_UNAVAILABLE,
                    target,
                    RedisFailures.reason(failure),
                    attempt,
                    retryMillis);
        }
    }

    public void end() {
        if (!isActive()) {
            return;
        }
        long since = sinceNanos.getAndSet(NONE);
        if (since != NONE) {
            loggedNanos.set(NONE);
            LOG.write(CacheLogEvents.REDIS_AVAILABLE, target, (now() - since) / 1_000_000);
        }
    }

    private static long now() {
        long now = System.nanoTime();
        return now == NONE ? NONE + 1 : now;
    }
}
