package loom.dispatch.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Converts a {@link StatusSnapshot} into metric families: {@code metrics.add(() ->
 * StatusMetrics.of(snapshot()))}.
 *
 * <p>Metrics that twilight-dispatch also has keep its names.
 */
public final class StatusMetrics {
    private static final List<String> SHARD = List.of("shard");

    private StatusMetrics() {}

    /** Returns the metric families of this snapshot. */
    public static List<MetricFamily> of(StatusSnapshot status) {
        List<MetricFamily> families = new ArrayList<>(shards(status));
        families.add(
                MetricFamily.counter(
                        "gateway_gaps",
                        "Sessions that ended while Discord held events that cannot"
                                + " be received any more",
                        status.sessions().gaps()));
        families.add(
                MetricFamily.counter(
                        "gateway_silences",
                        "Shards reconnected because they received no events"
                                + " although heartbeats were acknowledged",
                        status.sessions().silences()));
        status.broker().ifPresent(part -> families.addAll(broker(part)));
        status.cache().ifPresent(part -> families.addAll(cache(part)));
        status.identifies().ifPresent(part -> families.addAll(budget(part)));
        return families;
    }

    private static List<MetricFamily> shards(StatusSnapshot status) {
        List<StatusSnapshot.Shard> shards = status.shards();
        return List.of(
                MetricFamily.gauge("gateway_shards", "Shards of this process", shards.size()),
                statuses(shards),
                per(
                        shards,
                        "gateway_latencies",
                        "Latency of the last acknowledged heartbeat in milliseconds",
                        StatusSnapshot.Shard::latencyMillis),
                per(
                        shards,
                        "gateway_sequence_received",
                        "Last sequence received in the current session",
                        StatusSnapshot.Shard::received),
                per(
                        shards,
                        "gateway_sequence_settled",
                        "Last sequence that is applied to Redis and confirmed by RabbitMQ",
                        StatusSnapshot.Shard::settled),
                per(
                        shards,
                        "gateway_unsettled_events",
                        "Events received that are not yet applied to Redis and"
                                + " confirmed by RabbitMQ",
                        StatusSnapshot.Shard::unsettledEvents),
                per(
                        shards,
                        "gateway_unsettled_bytes",
                        "Bytes of the events received and not yet settled",
                        StatusSnapshot.Shard::unsettledBytes),
                per(
                        shards,
                        "gateway_withholding",
                        "1 while a shard reads no frames because its backlog is full",
                        shard -> shard.withholding() ? 1 : 0),
                ages(
                        shards,
                        "gateway_last_event_seconds",
                        "Seconds since the shard's last event",
                        StatusSnapshot.Shard::eventAge),
                ages(
                        shards,
                        "gateway_last_ack_seconds",
                        "Seconds since Discord last acknowledged a heartbeat",
                        StatusSnapshot.Shard::ackAge));
    }

    private static MetricFamily statuses(List<StatusSnapshot.Shard> shards) {
        List<MetricFamily.Sample> samples = new ArrayList<>();
        for (StatusSnapshot.State state : StatusSnapshot.State.values()) {
            long count = shards.stream().filter(shard -> shard.state() == state).count();
            samples.add(MetricFamily.Sample.of(count, state.label()));
        }
        return new MetricFamily(
                "gateway_statuses",
                MetricFamily.Kind.GAUGE,
                "Shards of this process in each status",
                List.of("type"),
                samples);
    }

    private static MetricFamily per(
            List<StatusSnapshot.Shard> shards,
            String name,
            String help,
            ToDoubleFunction<StatusSnapshot.Shard> value) {
        return new MetricFamily(
                name,
                MetricFamily.Kind.GAUGE,
                help,
                SHARD,
                shards.stream()
                        .map(shard ->
                                MetricFamily.Sample.of(value.applyAsDouble(shard), shard.id()))
                        .toList());
    }

    private static MetricFamily ages(
            List<StatusSnapshot.Shard> shards,
            String name,
            String help,
            Function<StatusSnapshot.Shard, Optional<Duration>> age) {
        List<MetricFamily.Sample> samples = new ArrayList<>();
        for (StatusSnapshot.Shard shard : shards) {
            age.apply(shard)
                    .ifPresent(it ->
                            samples.add(MetricFamily.Sample.of(it.toMillis() / 1e3, shard.id())));
        }
        return new MetricFamily(name, MetricFamily.Kind.GAUGE, help, SHARD, samples);
    }

    private static List<MetricFamily> broker(StatusSnapshot.Broker broker) {
        return List.of(
                MetricFamily.gauge(
                        "broker_connections",
                        "Configured connections to RabbitMQ",
                        broker.connections()),
                MetricFamily.gauge(
                        "broker_connections_up", "Open connections to RabbitMQ", broker.up()),
                MetricFamily.gauge(
                        "broker_connections_blocked",
                        "Connections that a RabbitMQ memory or disk alarm blocks",
                        broker.blocked()),
                MetricFamily.gauge(
                        "broker_in_flight_messages",
                        "Messages published and not yet confirmed",
                        broker.inFlightMessages()),
                MetricFamily.gauge(
                        "broker_in_flight_bytes",
                        "Bytes of the bodies of messages published and not yet confirmed",
                        broker.inFlightBytes()),
                MetricFamily.counter(
                        "broker_published",
                        "Messages published; a message published again counts once",
                        broker.published()),
                MetricFamily.counter(
                        "broker_confirmed", "Messages that RabbitMQ confirmed", broker.confirmed()),
                MetricFamily.counter(
                        "broker_resent",
                        "Messages published again after a lost connection or a nack",
                        broker.resent()),
                MetricFamily.counter(
                        "broker_nacked",
                        "Messages that RabbitMQ rejected with a nack; the"
                                + " publisher publishes them again",
                        broker.nacked()),
                MetricFamily.counter(
                        "broker_disconnects",
                        "Lost connections to RabbitMQ",
                        broker.disconnects()));
    }

    private static List<MetricFamily> cache(StatusSnapshot.Cache cache) {
        List<MetricFamily> families = new ArrayList<>();
        families.add(MetricFamily.gauge("redis_up", "1 while Redis answers", cache.up() ? 1 : 0));
        cache.roundTrip()
                .ifPresent(took ->
                        families.add(
                                MetricFamily.gauge(
                                        "redis_round_trip_seconds",
                                        "Duration of the last query of the state's sizes in Redis",
                                        took.toNanos() / 1e9)));
        families.add(
                MetricFamily.gauge(
                        "state_stale_shards",
                        "Shards whose events were not applied to the state because"
                                + " Redis was unavailable",
                        cache.staleShards().size()));
        Map<String, Long> sizes = new TreeMap<>(cache.sizes());
        sizes.forEach((kind, size) ->
                families.add(
                        MetricFamily.gauge(
                                "state_" + kind, "Cached " + kind.replace('_', ' '), size)));
        return families;
    }

    private static List<MetricFamily> budget(StatusSnapshot.IdentifyBudget budget) {
        return List.of(
                MetricFamily.gauge(
                        "gateway_identifies_allowed",
                        "IDENTIFYs that Discord allows the bot per day",
                        budget.total()),
                MetricFamily.gauge(
                        "gateway_identifies_remaining",
                        "IDENTIFYs left of the daily limit",
                        budget.remaining()),
                MetricFamily.gauge(
                        "gateway_identifies_waiting",
                        "1 while shards may not IDENTIFY: daily limit, repeated"
                                + " failures or Redis unavailable",
                        budget.waiting().isPresent() ? 1 : 0));
    }
}
