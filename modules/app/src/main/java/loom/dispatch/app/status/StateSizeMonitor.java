package loom.dispatch.app.status;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateSizes;
import loom.dispatch.metrics.MetricFamily;
import loom.dispatch.metrics.StatusSnapshot;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the objects of the state in Redis every second, on a thread of its own. Any thread reads
 * the last counts without waiting.
 */
public final class StateSizeMonitor implements SupervisedLoop {
    private static final EventLog LOG = new EventLog("loom.dispatch.state");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final RedisClient redis;
    private final StateCache cache;
    private volatile Count latest = new Count(Map.of(), Optional.empty());

    /**
     * The last counts.
     *
     * @param sizes objects by kind
     * @param roundTrip duration of the query; empty while Redis is unavailable
     */
    private record Count(Map<String, Long> sizes, Optional<Duration> roundTrip) {}

    public StateSizeMonitor(RedisClient redis, StateCache cache) {
        this.redis = redis;
        this.cache = cache;
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.beat();
            latest = count();
            pulse.expectWithin(INTERVAL);
            Thread.sleep(INTERVAL);
        }
    }

    private Count count() {
        try {
            long startNanos = System.nanoTime();
            Map<String, Long> sizes = StateSizes.count(redis);
            return new Count(sizes, Optional.of(Duration.ofNanos(System.nanoTime() - startNanos)));
        } catch (RedisUnavailableException e) {
            LOG.write(AppLogEvents.STATE_NOT_COUNTED, e.getMessage());
            return new Count(latest.sizes(), Optional.empty());
        }
    }

    public StatusSnapshot.Cache status() {
        Count now = latest;
        return new StatusSnapshot.Cache(
                redis.answering(), now.roundTrip(), now.sizes(), cache.staleShards());
    }

    public List<MetricFamily> families() {
        RedisClient.Stats stats = redis.stats();
        return List.of(
                MetricFamily.counter("redis_commands", "Commands sent to Redis", stats.commands()),
                MetricFamily.counter(
                        "redis_round_trips",
                        "Round trips to Redis, a pipeline of commands each",
                        stats.roundTrips()),
                MetricFamily.counter(
                        "redis_failures", "Round trips to Redis that failed", stats.failures()),
                MetricFamily.gauge(
                        "redis_connections_in_use",
                        "Connections to Redis in use",
                        stats.connectionsInUse()),
                MetricFamily.counter(
                        "state_unreadable",
                        "Events and cached objects that the state could not read",
                        cache.unreadable()));
    }
}
