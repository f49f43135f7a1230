package loom.dispatch.app.status;

import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.metrics.MetricFamily;
import loom.dispatch.metrics.MetricFamily.Sample;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts disconnects by cause, and IDENTIFYs and RESUMEs by the cause of the disconnect before
 * them. Each shard's thread reports its own events; any thread reads the metrics.
 */
final class ConnectionCauseCounter {
    private static final String START = "start";

    private final Map<Integer, String> latest = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> disconnects = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> identifies = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> resumes = new ConcurrentHashMap<>();

    ConnectionCauseCounter() {
        // present from the start, so that Prometheus sees the first increase
        identifies.put(START, new LongAdder());
        resumes.put(START, new LongAdder());
    }

    void count(int shard, ShardLifecycleEvent notice) {
        switch (notice) {
            case ShardLifecycleEvent.Disconnected gone -> {
                latest.put(shard, gone.cause());
                count(disconnects, gone.cause());
            }
            case ShardLifecycleEvent.Identifying _ ->
                    count(identifies, latest.getOrDefault(shard, START));
            case ShardLifecycleEvent.Resuming _ ->
                    count(resumes, latest.getOrDefault(shard, START));
            case ShardLifecycleEvent.Connecting _,
                    ShardLifecycleEvent.Connected _,
                    ShardLifecycleEvent.Hello _,
                    ShardLifecycleEvent.Ready _,
                    ShardLifecycleEvent.Resumed _,
                    ShardLifecycleEvent.SessionInvalidated _,
                    ShardLifecycleEvent.Reconnecting _,
                    ShardLifecycleEvent.Silent _,
                    ShardLifecycleEvent.Refused _ -> {}
        }
    }

    private static void count(Map<String, LongAdder> counts, String cause) {
        counts.computeIfAbsent(cause, _ -> new LongAdder()).increment();
    }

    List<MetricFamily> families() {
        return List.of(
                family("gateway_disconnects", "Connections that ended, by cause", disconnects),
                family(
                        "gateway_identifies",
                        "IDENTIFYs sent, by what made them necessary",
                        identifies),
                family("gateway_resumes", "RESUMEs sent, by what made them necessary", resumes));
    }

    private static MetricFamily family(String name, String help, Map<String, LongAdder> counts) {
        return new MetricFamily(
                name,
                MetricFamily.Kind.COUNTER,
                help,
                List.of("cause"),
                counts.entrySet().stream()
                        .map(entry -> Sample.of(entry.getValue().sum(), entry.getKey()))
                        .toList());
    }
}
