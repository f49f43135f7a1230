package loom.dispatch.app.run;

import loom.dispatch.app.config.Settings;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.pipeline.CheckpointWriter;
import loom.dispatch.app.pipeline.CommandDispatcher;
import loom.dispatch.app.pipeline.ShardPipeline;
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
import java.util.List;
import java.util.Map;

/**
 * Wires a running service: the shards, the pipelines of their events, and the writers of
 * checkpoints, statuses and state sizes. The main thread starts it once and drains it once.
 */
final class RunningService {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private final Settings settings;
    private final ExternalServices services;
    private final ServiceMetrics metrics;
    private final SupervisedThreads threads;
    private final SharedIdentifyBudget identifies;
    private final StateCache cache;
    private final StateSizeMonitor stateSizes;
    private final CheckpointWriter checkpoints;
    private final Gateway gateway;
    private final StatusWriter statuses;
    private final List<SupervisedThread> writers = new ArrayList<>();

    /**
     * Creates the parts from what the last run saved. No other process can change it meanwhile,
     * because this one holds the lease. Waits for Redis; ends by an interrupt.
     *
     * @throws StartFailure if the spool cannot be used
     */
    RunningService(
            Settings settings,
            ExternalServices services,
            ShardLeaseRenewal lease,
            ServiceMetrics metrics,
            ProcessLifecycle process,
            SupervisedThreads threads)
            throws InterruptedException, StartFailure {
        this.settings = settings;
        this.services = services;
        this.metrics = metrics;
        this.threads = threads;
        GatewayConfig config = services.discord().config();
        var sessions = new SessionStore(services.redis(), config.totalShards());
        Map<Integer, Checkpoint> saved = savedCheckpoints(sessions);
        var board = new ShardStatusStore(services.redis(), config.totalShards(), Clock.systemUTC());
        reportStart(board);
        LOG.write(
                AppLogEvents.SHARDS_STARTING,
                config.shardCount(),
                config.totalShards(),
                saved.size());
        identifies = identifyBudget();
        cache = new StateCache(services.redis(), settings.state(), config.totalShards());
        stateSizes = new StateSizeMonitor(services.redis(), cache);
        checkpoints =
                new CheckpointWriter(
                        sessions,
                        lease::held,
                        this::checkpointsNow,
                        saved,
                        services.broker()::afterSave);
        gateway =
                new Gateway(
                        config,
                        saved,
                        settings.shards().resume() ? services.spool().resume(saved) : Map.of(),
                        identifies,
                        new ShardEventHandler(
                                process, metrics, services.logChannels(), checkpoints),
                        threads);
        statuses = new StatusWriter(board, gateway);
    }

    private Map<Integer, Checkpoint> savedCheckpoints(SessionStore sessions)
            throws InterruptedException {
        GatewayConfig config = services.discord().config();
        return settings.shards().resume()
                ? CheckpointWriter.load(
                        StartRetry.withRedis(
                                () -> sessions.load(config.firstShard(), config.lastShard())))
                : Map.of();
    }

    /** Writes the time of the start to Redis, and what Discord said about the gateway. */
    private void reportStart(ShardStatusStore board) throws InterruptedException {
        var answers = new GatewayBotStore(services.redis(), settings.discord().bot());
        StartRetry.withRedis(() -> {
            board.started(Instant.now());
            services.discord().said().map(GatewayDiscovery::note).ifPresent(answers::write);
            return true;
        });
    }

    private SharedIdentifyBudget identifyBudget() throws InterruptedException {
        GatewayDiscovery discord = services.discord();
        var ledger =
                new IdentifyLedger(
                        services.redis(),
                        settings.discord().bot(),
                        IdentifyRules.standard(discord.config().identifyInterval()));
        return StartRetry.withRedis(
                () -> new SharedIdentifyBudget(discord.api(), ledger, discord.said()));
    }

    private Map<Integer, Checkpoint> checkpointsNow() {
        return gateway.checkpoints();
    }

    ExternalServices services() {
        return services;
    }

    Gateway gateway() {
        return gateway;
    }

    SharedIdentifyBudget identifies() {
        return identifies;
    }

    StateSizeMonitor stateSizes() {
        return stateSizes;
    }

    /** Starts the shards, the commands and the writers. */
    void start() throws StartFailure {
        var broker = services.broker();
        metrics.metrics().add(stateSizes::families);
        metrics.metrics().add(() -> BrokerMetrics.of(broker.stats(), broker.spoolStats()));
        List<ShardPipeline> pipelines = openPipelines();
        int firstShard = services.discord().config().firstShard();
        gateway.start((shard, batch) -> pipelines.get(shard - firstShard).accept(batch));
        CommandDispatcher.begin(broker, gateway, services.discord().config(), metrics.metrics());
        writers.add(threads.start("checkpoints", checkpoints));
        writers.add(threads.start("statuses", statuses));
        writers.add(threads.start("state-size", stateSizes));
    }

    private List<ShardPipeline> openPipelines() throws StartFailure {
        GatewayConfig config = services.discord().config();
        var parts =
                new ShardPipeline.Parts(
                        gateway,
                        cache,
                        settings.publish().filter(),
                        metrics.events(),
                        new EventLatencies(metrics.metrics(), System::nanoTime),
                        checkpoints,
                        this::guildChanged);
        List<ShardPipeline> pipelines = new ArrayList<>();
        for (int shard = config.firstShard(); shard <= config.lastShard(); shard++) {
            pipelines.add(
                    new ShardPipeline(
                            shard,
                            parts,
                            (id, listener) ->
                                    services.spool().lane(services.broker(), id, listener)));
        }
        services.spool().replayOthers(services.broker(), config);
        return pipelines;
    }

    private void guildChanged(GuildMembershipChange change) {
        metrics.count(change);
        services.logChannels().add(change);
    }

    /**
     * Closes the shards' connections so that their sessions can be resumed. Waits until all
     * received events are settled and the checkpoints are saved.
     *
     * @return whether that was done within the time
     */
    boolean drain(Duration atMost) throws InterruptedException {
        services.discord().close();
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean settled = gateway.drain(atMost);
        writers.forEach(SupervisedThread::stop);
        for (SupervisedThread writer : writers) {
            writer.join();
        }
        boolean saved = checkpoints.saveAll(deadline);
        statuses.publishIfRedisAnswers();
        LOG.write(AppLogEvents.SERVICE_DRAINED, settled, saved);
        return settled && saved;
    }
}
