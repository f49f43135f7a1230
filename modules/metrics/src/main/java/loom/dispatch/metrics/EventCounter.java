package loom.dispatch.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Counts dispatch events by type and shard: {@code gateway_events{type,shard}}.
 *
 * <p>Thread-safe. Each shard has its own map, so that shards do not contend. After the first event
 * of a type, an increment allocates nothing.
 */
public final class EventCounter {
    private final Map<Integer, Map<String, LongAdder>> shards = new ConcurrentHashMap<>();

    EventCounter() {}

    /** Returns the counters of one shard. The caller keeps the returned object. */
    public Shard shard(int id) {
        return new Shard(shards.computeIfAbsent(id, _ -> new ConcurrentHashMap<>()));
    }

    /** Returns the number of events over all types and shards. Any thread may call it. */
    public long total() {
        long total = 0;
        for (Map<String, LongAdder> types : shards.values()) {
            for (LongAdder count : types.values()) {
                total += count.sum();
            }
        }
        return total;
    }

    /** Passes the label values (type, shard) and the count of each counter to the visitor. */
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
