package loom.dispatch.cache;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Applies events to the cache with one thread for each shard. Used by one thread. */
final class TestShards {
    private final RedisClient redis;
    private final StateConfig config;
    private Duration age = Duration.ZERO;
    private int total;
    private StateCache cache;

    TestShards(RedisClient redis, StateConfig config) {
        this.redis = redis;
        this.config = config;
    }

    StateConfig config() {
        return config;
    }

    /** Replaces the cache, as a restart of the process does. */
    void restart() {
        Clock clock = Clock.offset(Clock.systemUTC(), age);
        cache = new StateCache(redis, config, total, clock);
    }

    /** Advances the clock, then lets each shard run its cleanup. */
    void advance(Duration time) throws InterruptedException {
        age = age.plus(time);
        restart();
        for (int shard = 0; shard < total; shard++) {
            cache.apply(shard, List.of());
        }
    }

    /** Applies the steps; each shard keeps its order. */
    List<StateCache.AppliedEvent> apply(List<RandomHistory.Step> steps) throws Exception {
        if (steps.getFirst().shardsTotal() != total) {
            total = steps.getFirst().shardsTotal();
            restart();
        }
        Map<Integer, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            places.computeIfAbsent(steps.get(i).shard(), _ -> new ArrayList<>()).add(i);
        }
        StateCache.AppliedEvent[] applied = new StateCache.AppliedEvent[steps.size()];
        if (changesBotUserInSeveralShards(steps)) {
            for (int i = 0; i < steps.size(); i++) {
                apply(steps, List.of(i), applied);
            }
        } else {
            runConcurrently(
                    places.values().stream()
                            .<Callable<Void>>map(own -> () -> apply(steps, own, applied))
                            .toList());
        }
        return Arrays.asList(applied);
    }

    /** Such steps must keep their order, because all shards share the bot's user. */
    private static boolean changesBotUserInSeveralShards(List<RandomHistory.Step> steps) {
        return steps.stream()
                        .filter(step ->
                                step.type().equals("READY") || step.type().equals("USER_UPDATE"))
                        .map(RandomHistory.Step::shard)
                        .distinct()
                        .count()
                > 1;
    }

    private Void apply(
            List<RandomHistory.Step> steps, List<Integer> places, StateCache.AppliedEvent[] applied)
            throws InterruptedException {
        int shard = steps.get(places.getFirst()).shard();
        List<StateCache.AppliedEvent> own =
                cache.apply(shard, places.stream().map(at -> steps.get(at).event()).toList());
        for (int i = 0; i < places.size(); i++) {
            applied[places.get(i)] = own.get(i);
        }
        return null;
    }

    private static void runConcurrently(List<Callable<Void>> tasks) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> one : threads.invokeAll(tasks)) {
                one.get();
            }
        }
    }
}
