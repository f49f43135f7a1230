package loom.dispatch.app.status;

import loom.dispatch.broker.BrokerStats;
import loom.dispatch.metrics.MetricFamily;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes metrics of the broker's statistics: connections, lanes, unroutable messages, the spool. */
public final class BrokerMetrics {
    private BrokerMetrics() {}

    public static List<MetricFamily> of(BrokerStats stats, Optional<BrokerStats.SpoolStats> spool) {
        List<MetricFamily> families = new ArrayList<>();
        families.add(
                MetricFamily.gauge(
                        "broker_lanes",
                        "Confirming channels to RabbitMQ that there should be",
                        stats.lanes()));
        families.add(
                MetricFamily.gauge(
                        "broker_lanes_attached",
                        "Confirming channels to RabbitMQ that are open",
                        stats.lanesAttached()));
        families.add(
                MetricFamily.counter(
                        "broker_returned",
                        "Messages that no queue took, with RABBIT_MANDATORY=true",
                        stats.returned()));
        families.add(
                MetricFamily.counter(
                        "broker_skipped",
                        "Events that EVENTS_ALLOW and EVENTS_DENY kept from RabbitMQ",
                        stats.skipped()));
        spool.ifPresent(disk -> families.addAll(of(disk)));
        return families;
    }

    private static List<MetricFamily> of(BrokerStats.SpoolStats spool) {
        return List.of(
                MetricFamily.gauge(
                        "spool_bytes", "Bytes of events that wait on disk", spool.bytes()),
                MetricFamily.gauge(
                        "spool_capacity_bytes",
                        "The most bytes of events that may wait on disk",
                        spool.capacityBytes()),
                MetricFamily.gauge(
                        "spool_shards", "Shards whose events go through disk", spool.spooling()),
                MetricFamily.gauge(
                        "spool_failing",
                        "Shards whose spool cannot be written or read",
                        spool.failing()),
                MetricFamily.counter(
                        "spool_damaged",
                        "Events on disk that were not as they were written, and are lost",
                        spool.damaged()));
    }
}
