package loom.dispatch.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts dispatch events by type and shard: {@code gateway_events{type,shard}}.
 *
 * <p>Safe for many threads. After the first event of a pair an increment allocates nothing and
 * contends with nobody: each shard has its own map.
 */
public final class EventCounter {
    private final Map<Integer, Map<String, LongAdder>> shards = new ConcurrentHashMap<>();

    EventCounter() {}

    /** The counts of one shard, to be kept by whoever counts its events. */
    public Shard shard(int id) {
        return new Shard(shards.computeIfAbsent(id, _ -> new ConcurrentHashMap<>()));
    }

    /** Events of all types and shards; from any thread. */
    public long total() {
        long total = 0;
        for (Map<String, LongAdder> types : shards.values()) {
            for (LongAdder count : types.values()) {
                total += count.sum();
            }
        }
        return total;
    }

    /** Visits every pair: the label values and the count. */
    void forEach(BiConsumer<String[], Long> visitor) {
        shards.forEach((shard, types) ->
                types.forEach((type, count) ->
                        visitor.accept(new String[] {type, Integer.toString(shard)}, count.sum())));
    }

    /** Counts one shard's events. */
    public static final class Shard {
        private final Map<String, LongAdder> types;

        private Shard(Map<String, LongAdder> types) {
            this.types = types;
        }

        /** Counts one event of this type. */
        public void increment(String type) {
            LongAdder count = types.get(type);
            if (count == null) {
                count = types.computeIfAbsent(type, _ -> new LongAdder());
            }
            count.increment();
        }
    }
}
