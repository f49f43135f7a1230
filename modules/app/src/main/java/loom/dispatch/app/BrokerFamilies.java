package loom.dispatch.app;

import loom.dispatch.broker.BrokerStats;
import loom.dispatch.broker.SpoolStats;
import loom.dispatch.metrics.Family;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What only RabbitMQ's part of the metrics shows: lanes, unroutable messages, the spool. */
final class BrokerFamilies {
    private BrokerFamilies() {}

    static List<Family> of(BrokerStats stats, Optional<SpoolStats> spool) {
        List<Family> families = new ArrayList<>();
        families.add(
                Family.gauge(
                        "broker_lanes",
                        "Confirming channels to RabbitMQ that there should be",
                        stats.lanes()));
        families.add(
                Family.gauge(
                        "broker_lanes_attached",
                        "Confirming channels to RabbitMQ that are open",
                        stats.lanesAttached()));
        families.add(
                Family.counter(
                        "broker_returned",
                        "Messages that no queue took, with RABBIT_MANDATORY=true",
                        stats.returned()));
        families.add(
                Family.counter(
                        "broker_skipped",
                        "Events that EVENTS_ALLOW and EVENTS_DENY kept from RabbitMQ",
                        stats.skipped()));
        spool.ifPresent(disk -> families.addAll(of(disk)));
        return families;
    }

    private static List<Family> of(SpoolStats spool) {
        return List.of(
                Family.gauge("spool_bytes", "Bytes of events that wait on disk", spool.bytes()),
                Family.gauge(
                        "spool_capacity_bytes",
                        "The most bytes of events that may wait on disk",
                        spool.capacityBytes()),
                Family.gauge(
                        "spool_shards", "Shards whose events go through disk", spool.spooling()),
                Family.gauge(
                        "spool_failing",
                        "Shards whose spool cannot be written or read",
                        spool.failing()),
                Family.counter(
                        "spool_damaged",
                        "Events on disk that were not as they were written, and are lost",
                        spool.damaged()));
    }
}
