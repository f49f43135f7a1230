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
 * The metrics that a {@link StatusSnapshot} holds, under the predecessor's names where it had them:
 * {@code metrics.add(() -> StatusMetrics.of(snapshot()))}.
 */
public final class StatusMetrics {
    private static final List<String> SHARD = List.of("shard");

    private StatusMetrics() {}

    /** The families of this moment. */
    public static List<MetricFamily> of(StatusSnapshot status) {
        List<MetricFamily> families = new ArrayList<>(shards(status));
        families.add(
                MetricFamily.counter(
                        "gateway_gaps",
                        "Sessions that ended with events at Discord that cannot be had any more",
                        status.sessions().gaps()));
        families.add(
                MetricFamily.counter(
                        "gateway_silences",
                        "Shards reconnected because their events had stopped",
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
                        "Latency of the latest heartbeat in milliseconds",
                        StatusSnapshot.Shard::latencyMillis),
                per(
                        shards,
                        "gateway_sequence_received",
                        "Last sequence received in the present session",
                        StatusSnapshot.Shard::received),
                per(
                        shards,
                        "gateway_sequence_settled",
                        "Last sequence that is in Redis and confirmed by RabbitMQ",
                        StatusSnapshot.Shard::settled),
                per(
                        shards,
                        "gateway_unsettled_events",
                        "Events received and not yet in Redis and confirmed by RabbitMQ",
                        StatusSnapshot.Shard::unsettledEvents),
                per(
                        shards,
                        "gateway_unsettled_bytes",
                        "Bytes of the events received and not yet settled",
                        StatusSnapshot.Shard::unsettledBytes),
                per(
                        shards,
                        "gateway_withholding",
                        "1 while a shard takes no frames because its backlog is full",
                        shard -> shard.withholding() ? 1 : 0),
                ages(
                        shards,
                        "gateway_last_event_seconds",
                        "Seconds since the shard's latest event",
                        StatusSnapshot.Shard::eventAge),
                ages(
                        shards,
                        "gateway_last_ack_seconds",
                        "Seconds since Discord last answered a heartbeat",
                        StatusSnapshot.Shard::ackAge));
    }

    private static MetricFamily statuses(List<StatusSnapshot.Shard> shards) {
        List<MetricFamily.Sample> samples = new ArrayList<>();
        for (StatusSnapshot.State state : StatusSnapshot.State.values()) {
            long count = shards.stream().filter(shard -> shard.state() == state).count();
            samples.add(MetricFamily.Sample.of(count, state.word()));
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
                        "Connections to RabbitMQ that there should be",
                        broker.connections()),
                MetricFamily.gauge(
                        "broker_connections_up",
                        "Connections to RabbitMQ that are up",
                        broker.up()),
                MetricFamily.gauge(
                        "broker_connections_blocked",
                        "Connections that an alarm of RabbitMQ stops",
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
                        "Messages published, each counted once",
                        broker.published()),
                MetricFamily.counter(
                        "broker_confirmed", "Messages that RabbitMQ confirmed", broker.confirmed()),
                MetricFamily.counter(
                        "broker_resent",
                        "Messages published again, after a lost connection or a nack",
                        broker.resent()),
                MetricFamily.counter(
                        "broker_nacked",
                        "Messages that RabbitMQ refused (nack); they are published again",
                        broker.nacked()),
                MetricFamily.counter(
                        "broker_disconnects",
                        "Connections to RabbitMQ that were lost",
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
                                        "How long Redis took for the latest count of the state",
                                        took.toNanos() / 1e9)));
        families.add(
                MetricFamily.gauge(
                        "state_stale_shards",
                        "Shards whose events passed the state by while Redis was away",
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
                        "IDENTIFYs that Discord allows the bot a day",
                        budget.total()),
                MetricFamily.gauge(
                        "gateway_identifies_remaining",
                        "IDENTIFYs left of the day's",
                        budget.remaining()),
                MetricFamily.gauge(
                        "gateway_identifies_waiting",
                        "1 while shards may not IDENTIFY: the budget, a loop, or Redis away",
                        budget.waiting().isPresent() ? 1 : 0));
    }
}
