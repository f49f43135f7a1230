package loom.dispatch.app.run;

import loom.dispatch.app.process.ServiceHealth;
import loom.dispatch.app.process.Version;
import loom.dispatch.app.status.ServiceMetrics;
import loom.dispatch.app.status.StateSizeMonitor;
import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerStats;
import loom.dispatch.cache.IdentifyLedger.Standing;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.RateHistory;
import loom.dispatch.metrics.StatusMetrics;
import loom.dispatch.metrics.StatusSnapshot;
import loom.dispatch.runtime.SupervisedThreads;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reports the state of the whole service to the health checks, the status page and the gauges.
 *
 * <p>Any thread asks. The main thread hands over the parts once they exist.
 */
final class ServiceStatus implements AutoCloseable {
    /**
     * The longest round of a loop that does not hang. An exchange with a Redis Cluster whose nodes
     * are all frozen takes 14 s per node that the client tries. The largest gateway message takes a
     * shard a second or two.
     */
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

    private final ServiceMetrics metrics;
    private final SupervisedThreads threads;
    private final Instant started = Instant.now();
    private final AtomicReference<Parts> parts = new AtomicReference<>();
    private volatile String waiting = "starting";
    private volatile StatusSnapshot.Phase phase = StatusSnapshot.Phase.STARTING;

    ServiceStatus(ServiceMetrics metrics, SupervisedThreads threads) {
        this.metrics = metrics;
        this.threads = threads;
        metrics.metrics().add(() -> StatusMetrics.of(status()));
    }

    private record Parts(
            GatewayConfig config,
            Gateway gateway,
            Broker broker,
            RedisClient redis,
            StateSizeMonitor state,
            SharedIdentifyBudget identifies,
            RateHistory received,
            RateHistory confirmed) {}

    /** Sets what the start waits for. */
    void waiting(String reason) {
        waiting = reason;
    }

    /** Reports that the service runs, with these parts. */
    void running(RunningService running) {
        Gateway gateway = running.gateway();
        ExternalServices services = running.services();
        parts.set(
                new Parts(
                        services.discord().config(),
                        gateway,
                        services.broker(),
                        services.redis(),
                        running.stateSizes(),
                        running.identifies(),
                        RateHistory.start(threads, "received-rate", gateway::receivedEvents),
                        RateHistory.start(
                                threads,
                                "confirmed-rate",
                                () -> services.broker().stats().confirmed())));
        phase = StatusSnapshot.Phase.RUNNING;
    }

    /** Reports that the service drains. */
    void draining() {
        phase = StatusSnapshot.Phase.DRAINING;
    }

    /**
     * Checks what only a restart can repair: whether a thread hangs. A start waits for its peers,
     * and a drain has a time limit, so nothing counts as hanging then.
     */
    List<HealthCheck> live() {
        Parts now = parts.get();
        if (now == null || phase == StatusSnapshot.Phase.DRAINING) {
            return List.of(new HealthCheck("process", true, ""));
        }
        List<String> hanging = threads.overdue(LONGEST_ROUND);
        return List.of(new HealthCheck("threads", hanging.isEmpty(), String.join(", ", hanging)));
    }

    /** Returns the answers to all questions of a supervisor. */
    ServiceHealth health() {
        return new ServiceHealth(phase, live(), ready());
    }

    /** Checks what must be true for every event to flow. */
    List<HealthCheck> ready() {
        Parts now = parts.get();
        if (now == null) {
            return List.of(new HealthCheck("service", false, waiting));
        }
        List<ShardSnapshot> shards = now.gateway.snapshots();
        long connected =
                shards.stream()
                        .filter(shard -> shard.status() == ShardSnapshot.Status.CONNECTED)
                        .count();
        BrokerStats stats = now.broker.stats();
        boolean running = phase == StatusSnapshot.Phase.RUNNING;
        return List.of(
                new HealthCheck("service", running, running ? "" : "draining"),
                new HealthCheck(
                        "shards",
                        connected == shards.size(),
                        connected + " of " + shards.size() + " ready"),
                new HealthCheck(
                        "broker",
                        stats.ready(),
                        stats.connectionsUp() + " of " + stats.connections() + " connections up"),
                new HealthCheck("redis", now.redis.answering(), ""),
                spool(now.broker.spoolStats()));
    }

    private static HealthCheck spool(Optional<BrokerStats.SpoolStats> spool) {
        int failing = spool.map(BrokerStats.SpoolStats::failing).orElse(0);
        return new HealthCheck(
                "spool",
                failing == 0,
                failing == 0 ? "" : "full or broken for " + failing + " shards: see the log");
    }

    StatusSnapshot status() {
        Parts now = parts.get();
        if (now == null) {
            return StatusSnapshot.starting(Version.TEXT, started);
        }
        long nanos = System.nanoTime();
        Instant instant = Instant.now();
        return new StatusSnapshot(
                new StatusSnapshot.Service(Version.TEXT, started, phase),
                now.config.totalShards(),
                now.gateway.snapshots().stream()
                        .map(shard -> shard(shard, nanos, instant))
                        .toList(),
                new StatusSnapshot.Rates(
                        RateHistory.STEP, now.received.perSecond(), now.confirmed.perSecond()),
                Optional.of(broker(now.broker.stats())),
                now.broker.spoolStats().map(ServiceStatus::spool),
                Optional.of(now.state.status()),
                now.identifies
                        .standing()
                        .map(standing -> budget(standing, now.identifies.waiting())),
                new StatusSnapshot.Sessions(
                        metrics.identified(),
                        metrics.resumed(),
                        metrics.gaps(),
                        metrics.silences()));
    }

    private static StatusSnapshot.Shard shard(ShardSnapshot shard, long nanos, Instant instant) {
        return new StatusSnapshot.Shard(
                shard.shard(),
                state(shard.status()),
                shard.latencyMillis(),
                shard.lastEventNanos() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofNanos(nanos - shard.lastEventNanos())),
                shard.lastAck().map(ack -> Duration.between(ack, instant)),
                shard.receivedSequence(),
                shard.settled().map(Checkpoint::sequence).orElse(0L),
                shard.unsettledEvents(),
                shard.unsettledBytes(),
                shard.settled().isPresent(),
                shard.withholding());
    }

    private static StatusSnapshot.State state(ShardSnapshot.Status status) {
        return switch (status) {
            case CONNECTED -> StatusSnapshot.State.CONNECTED;
            case DISCONNECTED -> StatusSnapshot.State.DISCONNECTED;
            case HANDSHAKING -> StatusSnapshot.State.HANDSHAKING;
            case IDENTIFYING -> StatusSnapshot.State.IDENTIFYING;
            case RESUMING -> StatusSnapshot.State.RESUMING;
        };
    }

    private static StatusSnapshot.IdentifyBudget budget(
            Standing standing, Optional<String> waiting) {
        return new StatusSnapshot.IdentifyBudget(
                standing.total(),
                standing.remaining(),
                standing.resetAfter(),
                standing.concurrency(),
                waiting);
    }

    private static StatusSnapshot.Spool spool(BrokerStats.SpoolStats spool) {
        return new StatusSnapshot.Spool(
                spool.bytes(), spool.capacityBytes(), spool.spooling(), spool.failing());
    }

    private static StatusSnapshot.Broker broker(BrokerStats stats) {
        return new StatusSnapshot.Broker(
                stats.connections(),
                stats.connectionsUp(),
                stats.connectionsBlocked(),
                stats.inFlightMessages(),
                stats.inFlightBytes(),
                stats.published(),
                stats.confirmed(),
                stats.resent(),
                stats.nacked(),
                stats.disconnects());
    }

    @Override
    public void close() {
        Parts now = parts.get();
        if (now != null) {
            now.received.close();
            now.confirmed.close();
        }
    }
}
