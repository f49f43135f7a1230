package loom.dispatch.benchmarks.cache;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures batches that the cache applies to a real Redis over loopback. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApplyBench {
    /** Events in a batch. */
    @Param({"1", "16", "256"})
    public int batch;

    private RedisServer server;
    private RedisClient redis;
    private StateCache cache;
    private List<RecordedTraffic.Event> events;
    private int next;
    private long sequence;

    /** Additional columns in JMH's output. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Trips {
        /** Total round trips. */
        public long trips;
    }

    /** Starts Redis and loads the guilds of the recorded events. */
    @Setup
    public void start() throws Exception {
        server = Servers.redis("--appendonly", "no");
        redis = RedisClient.connect(RedisConfig.standalone(server.host(), server.port()));
        cache = new StateCache(redis, StateConfig.DEFAULT, 1);
        RecordedTraffic recording = RecordedTraffic.sample();
        events = recording.traffic();
        // A running service always knows the bot's user.
        byte[] ready = "{\"user\":{\"id\":\"1\"},\"guilds\":[]}".getBytes(StandardCharsets.UTF_8);
        cache.apply(0, List.of(new StateEvent("bench", ++sequence, "READY", ready)));
        for (RecordedTraffic.Event guild : recording.guilds()) {
            cache.apply(0, List.of(event(guild)));
        }
    }

    /** Applies one batch. */
    @Benchmark
    public Object apply(Trips counted) throws InterruptedException {
        long before = redis.stats().roundTrips();
        List<StateEvent> some = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            some.add(event(events.get(next++ % events.size())));
        }
        Object applied = cache.apply(0, some);
        counted.trips += redis.stats().roundTrips() - before;
        return applied;
    }

    private StateEvent event(RecordedTraffic.Event event) {
        return new StateEvent("bench", ++sequence, event.type(), event.data());
    }

    /** Stops Redis. */
    @TearDown
    public void stop() {
        redis.close();
        server.close();
    }
}
