package loom.dispatch.app.run;

import loom.dispatch.app.config.Settings;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.pipeline.CheckpointWriter;
import loom.dispatch.app.pipeline.CommandDispatcher;
import loom.dispatch.app.pipeline.EventPipeline;
import loom.dispatch.app.pipeline.SettlementReporter;
import loom.dispatch.app.process.ProcessLifecycle;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.process.StartRetry;
import loom.dispatch.app.status.BrokerMetrics;
import loom.dispatch.app.status.EventLatencies;
import loom.dispatch.app.status.ServiceMetrics;
import loom.dispatch.app.status.StateSizeMonitor;
import loom.dispatch.app.status.StatusWriter;
import loom.dispatch.cache.GatewayBotStore;
import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.IdentifyLedger;
import loom.dispatch.cache.IdentifyRules;
import loom.dispatch.cache.SessionStore;
import loom.dispatch.cache.ShardStatusStore;
import loom.dispatch.cache.StateCache;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a running service, joined: the shards, the way of their events, and those who write
 * down how far they are. Started once and drained once, by the main thread.
 */
final class RunningService {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private final ExternalServices peers;
    private final ServiceMetrics telemetry;
    private final Gateway gateway;
    private final StateSizeMonitor state;
    private final CheckpointWriter checkpoints;
    private final StatusWriter statuses;
    private final EventPipeline flow;
    private final SharedIdentifyBudget identifies;
    private final SupervisedThreads threads;
    private final List<SupervisedThread> writers = new ArrayList<>();

    private RunningService(
            Settings settings,
            ExternalServices peers,
            Map<Integer, Checkpoint> saved,
            SessionStore store,
            ShardStatusStore board,
            SharedIdentifyBudget identifies,
            ShardLeaseRenewal lease,
            ServiceMetrics telemetry,
            ProcessLifecycle lifetime,
            SupervisedThreads threads)
            throws StartFailure {
        this.threads = threads;
        this.peers = peers;
        this.telemetry = telemetry;
        this.identifies = identifies;
        GatewayConfig config = peers.discord().config();
        var cache = new StateCache(peers.redis(), settings.state(), config.totalShards());
        state = new StateSizeMonitor(peers.redis(), cache);
        checkpoints =
                new CheckpointWriter(
                        store, lease::held, this::settledNow, saved, peers.broker()::afterSave);
        gateway =
                new Gateway(
                        config,
                        saved,
                        settings.shards().resume() ? peers.spool().resume(saved) : Map.of(),
                        identifies,
                        new ShardEventHandler(
                                lifetime, telemetry, peers.logChannels(), checkpoints),
                        threads);
        statuses = new StatusWriter(board, gateway);
        var latencies = new EventLatencies(telemetry.metrics(), System::nanoTime);
        Map<Integer, EventLatencies.Shard> observers = new HashMap<>();
        Map<Integer, SettlementReporter> listeners = new HashMap<>();
        for (int shard = config.firstShard(); shard <= config.lastShard(); shard++) {
            var latency = latencies.shard();
            observers.put(shard, latency);
            listeners.put(shard, new SettlementReporter(shard, gateway, checkpoints, latency));
        }
        flow =
                new EventPipeline(
                        cache,
                        settings.publish().filter(),
                        telemetry.events(),
                        this::guildChanged,
                        observers,
                        peers.spool().lanes(peers.broker(), config, listeners));
    }

    /**
     * Joins the parts, which begin where the last run ended: with the lease nobody else moves that
     * on. Waits for Redis; interruptible.
     */
    static RunningService join(
            Settings settings,
            ExternalServices peers,
            ShardLeaseRenewal lease,
            ServiceMetrics telemetry,
            ProcessLifecycle lifetime,
            SupervisedThreads threads)
            throws InterruptedException, StartFailure {
        GatewayConfig config = peers.discord().config();
        var store = new SessionStore(peers.redis(), config.totalShards());
        Map<Integer, Checkpoint> saved =
                settings.shards().resume()
                        ? CheckpointWriter.load(
                                StartRetry.withRedis(
                                        () -> store.load(config.firstShard(), config.lastShard())))
                        : Map.of();
        var board = new ShardStatusStore(peers.redis(), config.totalShards(), Clock.systemUTC());
        var note = new GatewayBotStore(peers.redis(), settings.discord().bot());
        StartRetry.withRedis(() -> {
            board.started(Instant.now());
            peers.discord().said().map(GatewayDiscovery::note).ifPresent(note::write);
            return true;
        });
        LOG.write(
                AppLogEvents.SHARDS_STARTING,
                config.shardCount(),
                config.totalShards(),
                saved.size());
        return new RunningService(
                settings,
                peers,
                saved,
                store,
                board,
                identifies(settings, peers),
                lease,
                telemetry,
                lifetime,
                threads);
    }

    private static SharedIdentifyBudget identifies(Settings settings, ExternalServices peers)
            throws InterruptedException {
        GatewayDiscovery discord = peers.discord();
        var ledger =
                new IdentifyLedger(
                        peers.redis(),
                        settings.discord().bot(),
                        IdentifyRules.standard(discord.config().identifyInterval()));
        return StartRetry.withRedis(
                () -> new SharedIdentifyBudget(discord.api(), ledger, discord.said()));
    }

    private void guildChanged(GuildMembershipChange change) {
        telemetry.count(change);
        peers.logChannels().tell(change);
    }

    private Map<Integer, Checkpoint> settledNow() {
        return gateway.checkpoints();
    }

    ExternalServices peers() {
        return peers;
    }

    Gateway gateway() {
        return gateway;
    }

    SharedIdentifyBudget identifies() {
        return identifies;
    }

    StateSizeMonitor state() {
        return state;
    }

    void start() {
        var broker = peers.broker();
        telemetry.metrics().add(state::families);
        telemetry.metrics().add(() -> BrokerMetrics.of(broker.stats(), broker.spoolStats()));
        gateway.start(flow);
        CommandDispatcher.begin(broker, gateway, peers.discord().config(), telemetry.metrics());
        writers.add(threads.start("checkpoints", checkpoints));
        writers.add(threads.start("statuses", statuses));
        writers.add(threads.start("state-size", state));
    }

    /**
     * Closes the shards' connections so that their sessions can be resumed, and waits until all
     * that was received is settled and its checkpoints are saved.
     *
     * @return whether that was done within the time
     */
    boolean drain(Duration atMost) throws InterruptedException {
        peers.discord().close();
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean settled = gateway.drain(atMost);
        writers.forEach(SupervisedThread::stop);
        for (SupervisedThread thread : writers) {
            thread.join();
        }
        boolean saved = checkpoints.saveAll(deadline);
        statuses.publishIfRedisAnswers();
        LOG.write(AppLogEvents.SERVICE_DRAINED, settled, saved);
        return settled && saved;
    }
}
