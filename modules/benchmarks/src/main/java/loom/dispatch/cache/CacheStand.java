package loom.dispatch.cache;

import loom.dispatch.benchmarks.Recording;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A Redis of its own, the state cache on it, and a raw connection beside it. Used by one thread.
 */
final class CacheStand implements AutoCloseable {
    private final int shards;
    private final RedisServer server;
    private final TapedConnector connector;
    private final Redis redis;
    private final StateCache cache;
    private final RawRedis raw;
    private long sequence;

    CacheStand(int shards) throws IOException {
        this.shards = shards;
        server = Servers.redis("--appendonly", "no", "--save", "");
        RedisConfig config = RedisConfig.standalone(server.host(), server.port());
        connector = new TapedConnector(Connectors.of(config));
        redis = new Redis(connector, new Outage(config.target()));
        cache = new StateCache(redis, StateConfig.DEFAULT, shards);
        raw = new RawRedis(server.host(), server.port());
    }

    RedisServer server() {
        return server;
    }

    Redis redis() {
        return redis;
    }

    RawRedis raw() {
        return raw;
    }

    /** Empties Redis, begins every shard's session, and applies what a load begins with. */
    void setUp(CacheLoads.Load load) throws IOException, InterruptedException {
        raw.say("FLUSHALL");
        for (int shard = 0; shard < shards; shard++) {
            apply(shard, List.of(events(List.of(CacheLoads.READY))));
        }
        for (CacheEvent event : events(load.setUp())) {
            cache.apply(0, List.of(event));
        }
    }

    /** Makes ready for a lap. */
    void prepare(CacheLoads.Load load) throws IOException, InterruptedException {
        if (load.anew()) {
            setUp(load);
        }
    }

    /** The same events with new sequences, in batches. */
    List<List<CacheEvent>> batches(CacheLoads.Load load, int size) {
        List<CacheEvent> events = events(load.lap());
        List<List<CacheEvent>> batches = new ArrayList<>();
        for (int from = 0; from < events.size(); from += size) {
            batches.add(events.subList(from, Math.min(from + size, events.size())));
        }
        return batches;
    }

    /** Applies a lap's batches. */
    void apply(int shard, List<List<CacheEvent>> batches) throws InterruptedException {
        for (List<CacheEvent> batch : batches) {
            cache.apply(shard, batch);
        }
    }

    /** What a lap says to Redis. */
    List<RawRedis.Pipeline> tape(CacheLoads.Load load, int size)
            throws IOException, InterruptedException {
        prepare(load);
        List<List<CacheEvent>> batches = batches(load, size);
        connector.begin();
        apply(0, batches);
        return connector.end();
    }

    /** Microseconds of processor time that Redis has taken. */
    double redisCpuMicros() {
        CommandArguments info = Command.plain(Protocol.Command.INFO).add("cpu");
        return 1e6
                * Reply.text(redis.exchange(List.of(info)).getFirst())
                        .lines()
                        .filter(line -> line.matches("used_cpu_(user|sys):.*"))
                        .mapToDouble(
                                line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                        .sum();
    }

    private List<CacheEvent> events(List<Recording.Event> recorded) {
        List<CacheEvent> events = new ArrayList<>(recorded.size());
        recorded.forEach(event ->
                events.add(new CacheEvent("bench", ++sequence, event.type(), event.data())));
        return Collections.unmodifiableList(events);
    }

    @Override
    public void close() throws IOException {
        raw.close();
        redis.close();
        server.close();
    }
}
