package loom.dispatch.app;

import loom.dispatch.cache.GuildChange;
import loom.dispatch.gateway.ShardNotice;
import loom.dispatch.metrics.EventCounter;
import loom.dispatch.metrics.Family;
import loom.dispatch.metrics.Family.Sample;
import loom.dispatch.metrics.Metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** What is counted as it happens: events by type and shard, and the shards' ups and downs. */
final class Telemetry {
    private final Metrics metrics = new Metrics();
    private final Map<String, LongAdder> shardEvents = new ConcurrentHashMap<>();
    private final LongAdder gaps = new LongAdder();
    private final Causes causes = new Causes();
    private final LongAdder silences = new LongAdder();
    private final LongAdder joins = new LongAdder();
    private final LongAdder leaves = new LongAdder();

    Telemetry() {
        // every type is there from the start, so that a rate can be taken of its first event
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

    Metrics metrics() {
        return metrics;
    }

    EventCounter events() {
        return metrics.events();
    }

    /** Counts a notice of a shard's life. */
    void count(int shard, ShardNotice notice) {
        causes.count(shard, notice);
        switch (notice) {
            case ShardNotice.Ready _ -> increment("Ready");
            case ShardNotice.Resumed _ -> increment("Resumed");
            case ShardNotice.Connected _ -> increment("Connected");
            case ShardNotice.Connecting _ -> increment("Connecting");
            case ShardNotice.Disconnected _ -> increment("Disconnected");
            case ShardNotice.Identifying _ -> increment("Identifying");
            case ShardNotice.Reconnecting _ -> increment("Reconnecting");
            case ShardNotice.Resuming _ -> increment("Resuming");
            case ShardNotice.SessionInvalidated(var resumable) -> {
                if (!resumable) {
                    gaps.increment();
                }
            }
            case ShardNotice.Silent _ -> silences.increment();
            case ShardNotice.Hello _, ShardNotice.Refused _ -> {}
        }
    }

    /** Counts guilds that the bot joined and left. */
    void count(GuildChange change) {
        switch (change.kind()) {
            case JOINED -> joins.increment();
            case LEFT -> leaves.increment();
            case AVAILABLE, UNAVAILABLE -> {}
        }
    }

    private void increment(String type) {
        shardEvents.get(type).increment();
    }

    long identified() {
        return shardEvents.get("Ready").sum();
    }

    long resumed() {
        return shardEvents.get("Resumed").sum();
    }

    /** Sessions that Discord ended. */
    long gaps() {
        return gaps.sum();
    }

    /** Shards whose events stopped though their heartbeats were answered. */
    long silences() {
        return silences.sum();
    }

    private List<Family> families() {
        return List.of(
                new Family(
                        "gateway_shard_events",
                        Family.Kind.COUNTER,
                        "Shards that connected, identified, resumed and so on",
                        List.of("type"),
                        shardEvents.entrySet().stream()
                                .map(entry -> Sample.of(entry.getValue().sum(), entry.getKey()))
                                .toList()),
                new Family(
                        "gateway_guild_events",
                        Family.Kind.COUNTER,
                        "Guilds that the bot joined and left",
                        List.of("type"),
                        List.of(Sample.of(joins.sum(), "Join"), Sample.of(leaves.sum(), "Leave"))));
    }
}
