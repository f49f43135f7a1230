package loom.dispatch.benchmarks.cache;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnectorFactory;
import loom.dispatch.cache.redis.RedisOutageLog;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A Redis with the state cache on it and a raw connection beside it. Used by one thread. */
final class CacheBenchSetup implements AutoCloseable {
    private final int shards;
    private final RedisServer server;
    private final RecordingConnector connector;
    private final RedisClient redis;
    private final StateCache cache;
    private final RawRedisConnection raw;
    private long sequence;

    CacheBenchSetup(int shards) throws IOException {
        this.shards = shards;
        server = Servers.redis("--appendonly", "no", "--save", "");
        RedisConfig config = RedisConfig.standalone(server.host(), server.port());
        connector =
                new RecordingConnector(
                        RedisConnectorFactory.of(config, SupervisedThreads.unsupervised()));
        redis = new RedisClient(connector, new RedisOutageLog(config.target()));
        cache = new StateCache(redis, StateConfig.DEFAULT, shards);
        raw = new RawRedisConnection(server.host(), server.port());
    }

    RedisServer server() {
        return server;
    }

    RedisClient redis() {
        return redis;
    }

    RawRedisConnection raw() {
        return raw;
    }

    /** Empties Redis, begins every shard's session, and applies the load's initial events. */
    void setUp(CacheWorkloads.Load load) throws IOException, InterruptedException {
        raw.send("FLUSHALL");
        for (int shard = 0; shard < shards; shard++) {
            apply(shard, List.of(events(List.of(CacheWorkloads.READY))));
        }
        for (StateEvent event : events(load.setUp())) {
            cache.apply(0, List.of(event));
        }
    }

    /** Prepares a lap. */
    void prepare(CacheWorkloads.Load load) throws IOException, InterruptedException {
        if (load.emptyRedis()) {
            setUp(load);
        }
    }

    /** Returns the load's events with new sequences, in batches. */
    List<List<StateEvent>> batches(CacheWorkloads.Load load, int size) {
        List<StateEvent> events = events(load.lap());
        List<List<StateEvent>> batches = new ArrayList<>();
        for (int from = 0; from < events.size(); from += size) {
            batches.add(events.subList(from, Math.min(from + size, events.size())));
        }
        return batches;
    }

    /** Applies the batches of a lap. */
    void apply(int shard, List<List<StateEvent>> batches) throws InterruptedException {
        for (List<StateEvent> batch : batches) {
            cache.apply(shard, batch);
        }
    }

    /** Returns the pipelines that a lap sends to Redis. */
    List<RawRedisConnection.Pipeline> pipelines(CacheWorkloads.Load load, int size)
            throws IOException, InterruptedException {
        prepare(load);
        List<List<StateEvent>> batches = batches(load, size);
        connector.begin();
        apply(0, batches);
        return connector.end();
    }

    /** Returns the CPU time of Redis in microseconds. */
    double redisCpuMicros() {
        CommandArguments info = RedisCommands.plain(Protocol.Command.INFO).add("cpu");
        return 1e6
                * RedisReplies.text(redis.exchange(List.of(info)).getFirst())
                        .lines()
                        .filter(line -> line.matches("used_cpu_(user|sys):.*"))
                        .mapToDouble(
                                line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                        .sum();
    }

    private List<StateEvent> events(List<RecordedTraffic.Event> recorded) {
        List<StateEvent> events = new ArrayList<>(recorded.size());
        recorded.forEach(event ->
                events.add(new StateEvent("bench", ++sequence, event.type(), event.data())));
        return Collections.unmodifiableList(events);
    }

    @Override
    public void close() throws IOException {
        raw.close();
        redis.close();
        server.close();
    }
}
