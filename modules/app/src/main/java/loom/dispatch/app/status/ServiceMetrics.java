package loom.dispatch.app.status;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.metrics.EventCounter;
import loom.dispatch.metrics.MetricFamily;
import loom.dispatch.metrics.MetricFamily.Sample;
import loom.dispatch.metrics.Metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts events by type and shard, and the lifecycle events of shards. */
public final class ServiceMetrics {
    private final Metrics metrics = new Metrics();
    private final Map<String, LongAdder> shardEvents = new ConcurrentHashMap<>();
    private final LongAdder gaps = new LongAdder();
    private final ConnectionCauseCounter causes = new ConnectionCauseCounter();
    private final LongAdder silences = new LongAdder();
    private final LongAdder joins = new LongAdder();
    private final LongAdder leaves = new LongAdder();

    public ServiceMetrics() {
        // every type is present from the start, so that Prometheus sees the first increase
        Stream.of(
                        "Ready",
                        "Resumed",
                        "Connected",
                        "Connecting",
                        "Disconnected",
                        "Identifying",
                        "Reconnecting",
                        "Resuming")
                .forEach(type -> shardEvents.put(type, new LongAdder()));
        metrics.add(this::families);
        metrics.add(causes::families);
    }

    public Metrics metrics() {
        return metrics;
    }

    public EventCounter events() {
        return metrics.events();
    }

    /** Counts a lifecycle event of a shard. */
    public void count(int shard, ShardLifecycleEvent notice) {
        causes.count(shard, notice);
        switch (notice) {
            case ShardLifecycleEvent.Ready _ -> increment("Ready");
            case ShardLifecycleEvent.Resumed _ -> increment("Resumed");
            case ShardLifecycleEvent.Connected _ -> increment("Connected");
            case ShardLifecycleEvent.Connecting _ -> increment("Connecting");
            case ShardLifecycleEvent.Disconnected _ -> increment("Disconnected");
            case ShardLifecycleEvent.Identifying _ -> increment("Identifying");
            case ShardLifecycleEvent.Reconnecting _ -> increment("Reconnecting");
            case ShardLifecycleEvent.Resuming _ -> increment("Resuming");
            case ShardLifecycleEvent.SessionInvalidated(var resumable) -> {
                if (!resumable) {
                    gaps.increment();
                }
            }
            case ShardLifecycleEvent.Silent _ -> silences.increment();
            case ShardLifecycleEvent.Hello _, ShardLifecycleEvent.Refused _ -> {}
        }
    }

    /** Counts a guild that the bot joined or left. */
    public void count(GuildMembershipChange change) {
        switch (change.kind()) {
            case JOINED -> joins.increment();
            case LEFT -> leaves.increment();
            case AVAILABLE, UNAVAILABLE -> {}
        }
    }

    private void increment(String type) {
        shardEvents.get(type).increment();
    }

    public long identified() {
        return shardEvents.get("Ready").sum();
    }

    public long resumed() {
        return shardEvents.get("Resumed").sum();
    }

    /** Returns the number of sessions that Discord ended. */
    public long gaps() {
        return gaps.sum();
    }

    /** Returns how often a shard received no events although its heartbeats were acknowledged. */
    public long silences() {
        return silences.sum();
    }

    private List<MetricFamily> families() {
        return List.of(
                new MetricFamily(
                        "gateway_shard_events",
                        MetricFamily.Kind.COUNTER,
                        "Shards that connected, identified, resumed and so on",
                        List.of("type"),
                        shardEvents.entrySet().stream()
                                .map(entry -> Sample.of(entry.getValue().sum(), entry.getKey()))
                                .toList()),
                new MetricFamily(
                        "gateway_guild_events",
                        MetricFamily.Kind.COUNTER,
                        "Guilds that the bot joined and left",
                        List.of("type"),
                        List.of(Sample.of(joins.sum(), "Join"), Sample.of(leaves.sum(), "Leave"))));
    }
}
