package loom.dispatch.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Builds status snapshots for tests. */
final class SampleSnapshots {
    private SampleSnapshots() {}

    /** Sources with metrics only; the service is live and not ready. */
    static MonitoringSources metricsOnly(Metrics metrics) {
        return new MonitoringSources(
                metrics,
                List::of,
                () -> List.of(new HealthCheck("service", false, "")),
                Optional.empty(),
                Optional.empty());
    }

    /** A healthy service with this number of shards. */
    static StatusSnapshot well(int shards) {
        return of(
                IntStream.range(0, shards)
                        .mapToObj(id -> shard(id, StatusSnapshot.State.CONNECTED))
                        .toList());
    }

    /** An otherwise healthy service with these shards. */
    static StatusSnapshot of(List<StatusSnapshot.Shard> shards) {
        List<Double> received = new ArrayList<>();
        List<Double> confirmed = new ArrayList<>();
        for (int i = 0; i < RateHistory.CAPACITY; i++) {
            double wave = 2400 + 700 * Math.sin(i / 31.0) + 160 * Math.sin(i * 1.7);
            received.add(wave);
            confirmed.add(i > 180 && i < 195 ? 0 : i >= 195 && i < 200 ? wave * 4 : wave - 15);
        }
        return new StatusSnapshot(
                new StatusSnapshot.Service(
                        "0.1.0",
                        Instant.now().minus(Duration.ofHours(77)),
                        StatusSnapshot.Phase.RUNNING),
                shards.size(),
                shards,
                new StatusSnapshot.Rates(RateHistory.STEP, received, confirmed),
                Optional.of(
                        new StatusSnapshot.Broker(
                                2, 2, 0, 61, 48_200, 9_120_334, 9_120_273, 812, 0, 1)),
                Optional.of(new StatusSnapshot.Spool(0, 1_024_000_000, 0, 0)),
                Optional.of(
                        new StatusSnapshot.Cache(
                                true, Optional.of(Duration.ofNanos(640_000)), sizes(), List.of())),
                Optional.of(
                        new StatusSnapshot.IdentifyBudget(
                                1000, 968, Duration.ofHours(9), 16, Optional.empty())),
                new StatusSnapshot.Sessions(32, 7, 0, 1));
    }

    /** The same snapshot while three shards use the spool. */
    static StatusSnapshot spooling(StatusSnapshot of) {
        return new StatusSnapshot(
                of.service(),
                of.totalShards(),
                of.shards(),
                of.rates(),
                of.broker(),
                Optional.of(new StatusSnapshot.Spool(12_000_000, 1_024_000_000, 3, 0)),
                of.cache(),
                of.identifies(),
                of.sessions());
    }

    /** The same snapshot when other processes run the rest of this total. */
    static StatusSnapshot part(StatusSnapshot of, int totalShards) {
        return new StatusSnapshot(
                of.service(),
                totalShards,
                of.shards(),
                of.rates(),
                of.broker(),
                of.spool(),
                of.cache(),
                of.identifies(),
                of.sessions());
    }

    /** The same snapshot while no shard may IDENTIFY, for this reason. */
    static StatusSnapshot waiting(StatusSnapshot of, String reason) {
        return new StatusSnapshot(
                of.service(),
                of.totalShards(),
                of.shards(),
                of.rates(),
                of.broker(),
                of.spool(),
                of.cache(),
                Optional.of(
                        new StatusSnapshot.IdentifyBudget(
                                1000, 50, Duration.ofHours(9), 16, Optional.of(reason))),
                of.sessions());
    }

    static StatusSnapshot.Shard shard(int id, StatusSnapshot.State state) {
        boolean connected = state == StatusSnapshot.State.CONNECTED;
        return new StatusSnapshot.Shard(
                id,
                state,
                40 + id * 7 % 23,
                Optional.of(Duration.ofMillis(connected ? 12 : 21_000)),
                Optional.of(Duration.ofSeconds(17)),
                100 + id,
                99 + id,
                connected ? id % 3 : 0,
                connected ? id % 3 * 700 : 0,
                true,
                false);
    }

    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new TreeMap<>();
        for (String kind :
                List.of(
                        "guilds",
                        "channels",
                        "messages",
                        "roles",
                        "emojis",
                        "members",
                        "presences",
                        "voices")) {
            sizes.put(kind, 12L * kind.length());
        }
        return sizes;
    }
}
