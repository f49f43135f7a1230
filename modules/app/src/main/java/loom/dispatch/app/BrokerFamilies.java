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
        families.add(Family.gauge("broker_lanes", "Confirming channels wanted", stats.lanes()));
        families.add(
                Family.gauge("broker_lanes_attached", "Of these, open", stats.lanesAttached()));
        families.add(
                Family.counter("broker_returned", "Messages that no queue took", stats.returned()));
        families.add(
                Family.counter(
                        "broker_skipped",
                        "Events that the filter kept from RabbitMQ",
                        stats.skipped()));
        spool.ifPresent(disk -> families.addAll(of(disk)));
        return families;
    }

    private static List<Family> of(SpoolStats spool) {
        return List.of(
                Family.gauge("spool_bytes", "Bytes of events on disk", spool.bytes()),
                Family.gauge("spool_capacity_bytes", "The most that may be", spool.capacityBytes()),
                Family.gauge(
                        "spool_shards", "Shards whose events go through disk", spool.spooling()),
                Family.gauge(
                        "spool_failing",
                        "Shards whose spool cannot be written or read",
                        spool.failing()),
                Family.counter(
                        "spool_damaged",
                        "Records on disk that were not as they were written",
                        spool.damaged()));
    }
}
