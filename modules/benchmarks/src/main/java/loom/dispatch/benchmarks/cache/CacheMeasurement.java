package loom.dispatch.benchmarks.cache;

import com.sun.management.OperatingSystemMXBean;

import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.StateEvent;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Measures laps of one load through the cache, and the same bytes sent raw. Used by one thread. */
final class CacheMeasurement {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final CacheBenchSetup stand;
    private final CacheWorkloads.Load load;
    private final int shards;
    private final int batch;
    private final List<RawRedisConnection.Pipeline> pipelines;
    private final List<RawRedisConnection.Pipeline> joined;

    CacheMeasurement(
            CacheBenchSetup stand,
            CacheWorkloads.Load load,
            int shards,
            int batch,
            List<RawRedisConnection.Pipeline> pipelines) {
        this.stand = stand;
        this.load = load;
        this.shards = shards;
        this.batch = batch;
        this.pipelines = pipelines;
        this.joined = RawRedisConnection.joined(pipelines);
    }

    long bytes() {
        return pipelines.stream().mapToLong(one -> one.bytes().length).sum();
    }

    CacheResultLine.Lap measure() throws IOException, InterruptedException {
        stand.prepare(load);
        List<List<List<StateEvent>>> batches = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            batches.add(stand.batches(load, batch));
        }
        double redisBefore = stand.redisCpuMicros();
        RedisClient.Stats before = stand.redis().stats();
        long cpuBefore = SYSTEM.getProcessCpuTime();
        double applied = applySeconds(batches);
        double own = (SYSTEM.getProcessCpuTime() - cpuBefore) / 1e3;
        RedisClient.Stats after = stand.redis().stats();
        double redis = stand.redisCpuMicros() - redisBefore;
        stand.prepare(load);
        double inTurn = replaySeconds(pipelines, 1);
        stand.prepare(load);
        redisBefore = stand.redisCpuMicros();
        double atOnce = replaySeconds(joined, RawRedisConnection.CHUNKS);
        return new CacheResultLine.Lap(
                applied,
                own,
                redis,
                after.roundTrips() - before.roundTrips(),
                after.commands() - before.commands(),
                inTurn,
                atOnce,
                stand.redisCpuMicros() - redisBefore);
    }

    private double applySeconds(List<List<List<StateEvent>>> batches) throws InterruptedException {
        long start = System.nanoTime();
        if (shards == 1) {
            stand.apply(0, batches.getFirst());
        } else {
            applyOnShards(batches);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void applyOnShards(List<List<List<StateEvent>>> batches) throws InterruptedException {
        List<Future<?>> running = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            int own = shard;
            var task =
                    new FutureTask<>(() -> {
                        stand.apply(own, batches.get(own));
                        return null;
                    });
            Thread.ofVirtual().name("shard-" + shard).start(task);
            running.add(task);
        }
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException failure) {
                throw new IllegalStateException(failure.getCause());
            }
        }
    }

    private double replaySeconds(List<RawRedisConnection.Pipeline> pipelines, int ahead)
            throws IOException {
        long start = System.nanoTime();
        stand.raw().replay(pipelines, ahead);
        return (System.nanoTime() - start) / 1e9;
    }
}
