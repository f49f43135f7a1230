package loom.dispatch.app;

import static java.lang.System.Logger.Level.INFO;

import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.cache.Redis;
import loom.dispatch.cache.RedisRefused;
import loom.dispatch.cache.SessionStore;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StatusBoard;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.metrics.HttpContent;
import loom.dispatch.metrics.HttpEndpoint;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of the service: connect the stores, resume the shards, run until told to end, drain.
 * Runs on the main thread.
 */
final class Service {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.service");

    private final Settings settings;
    private final Lifetime lifetime;
    private final Telemetry telemetry = new Telemetry();
    private final Overview overview = new Overview(telemetry);

    Service(Settings settings, Lifetime lifetime) {
        this.settings = settings;
        this.lifetime = lifetime;
    }

    /** Runs until a signal or a failure; returns when all is closed. */
    ExitCode run() throws Exception {
        LOG.log(INFO, "service.starting version=\"" + Version.TEXT + "\"");
        try (HttpEndpoint http = listen()) {
            LOG.log(INFO, "http.listening address=" + http.address());
            return connect();
        } catch (InterruptedException _) {
            // asked to end before there was anything to drain
            return ExitCode.CLEAN;
        } catch (RedisRefused e) {
            throw new StartFailure(ExitCode.TOPOLOGY, "Redis: " + e.getMessage());
        } catch (BrokerStartException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, "RabbitMQ: " + e.getMessage());
        }
    }

    private ExitCode connect() throws Exception {
        try (Redis redis = Redis.connect(settings.redis())) {
            Broker broker = Broker.connect(Stores.broker(settings), new BrokerLog());
            try {
                return serve(redis, broker);
            } finally {
                broker.close(Duration.ZERO);
            }
        }
    }

    private HttpEndpoint listen() throws StartFailure {
        try {
            return HttpEndpoint.start(
                    settings.service().http(),
                    new HttpContent(
                            telemetry.metrics(),
                            overview::live,
                            overview::ready,
                            Optional.of(overview::status),
                            settings.service().httpToken()));
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.FAILED,
                    e.getMessage() + ": set PROMETHEUS_HOST and PROMETHEUS_PORT to what is free");
        }
    }

    private ExitCode serve(Redis redis, Broker broker) throws Exception {
        GatewayConfig config = Discord.configure(settings);
        var store = new SessionStore(redis, config.totalShards());
        Map<Integer, Checkpoint> checkpoints =
                settings.shards().resume()
                        ? Checkpoints.load(
                                Patience.withRedis(
                                        () -> store.load(config.firstShard(), config.lastShard())))
                        : Map.of();
        var board = new StatusBoard(redis, config.totalShards(), Clock.systemUTC());
        Patience.withRedis(() -> {
            board.started(Instant.now());
            return true;
        });
        LOG.log(
                INFO,
                "service.shards count="
                        + config.shardCount()
                        + " total="
                        + config.totalShards()
                        + " resuming="
                        + checkpoints.size());
        try (DiskSpool spool = DiskSpool.open(settings.publish(), config.totalShards())) {
            return hold(config, checkpoints, store, board, redis, broker, spool);
        }
    }

    /** Holds the shards until the main thread is interrupted, then drains them. */
    private ExitCode hold(
            GatewayConfig config,
            Map<Integer, Checkpoint> checkpoints,
            SessionStore store,
            StatusBoard board,
            Redis redis,
            Broker broker,
            DiskSpool spool)
            throws InterruptedException, StartFailure {
        var cache = new StateCache(redis, settings.state(), config.totalShards());
        var identifies = new SessionStarts(settings);
        var gateway =
                new Gateway(
                        config,
                        checkpoints,
                        settings.shards().resume() ? spool.resume(checkpoints) : Map.of(),
                        identifies,
                        new Refusals(lifetime, telemetry));
        var writer = new Checkpoints(store, gateway, checkpoints, broker::afterSave);
        var statuses = new Statuses(board, gateway);
        var state = new StateWatch(redis, cache);
        telemetry.metrics().add(state::families);
        telemetry.metrics().add(() -> BrokerFamilies.of(broker.stats(), broker.spoolStats()));
        var latencies = new Latencies(telemetry.metrics(), System::nanoTime);
        Map<Integer, Latencies.Shard> observers = new HashMap<>();
        Map<Integer, Settled> listeners = new HashMap<>();
        for (int shard = config.firstShard(); shard <= config.lastShard(); shard++) {
            observers.put(shard, latencies.shard());
            listeners.put(
                    shard, new Settled(shard, gateway, writer, observers.get(shard), lifetime));
        }
        var flow =
                new EventFlow(
                        cache,
                        settings.publish().filter(),
                        telemetry.events(),
                        observers,
                        spool.lanes(broker, config, listeners));
        overview.running(config, gateway, broker, redis, state, identifies);
        gateway.start(flow);
        Commands.begin(broker, gateway, config, telemetry.metrics());
        List<Thread> writers =
                List.of(
                        Thread.ofVirtual().name("checkpoints").start(writer),
                        Thread.ofVirtual().name("statuses").start(statuses),
                        Thread.ofVirtual().name("state").start(state));
        try {
            Thread.sleep(Duration.ofDays(365_000));
        } catch (InterruptedException _) {
            LOG.log(
                    INFO,
                    "service.draining limit_s=" + settings.service().shutdownTimeout().toSeconds());
        }
        overview.draining();
        identifies.close();
        long deadline = System.nanoTime() + settings.service().shutdownTimeout().toNanos();
        boolean settled = gateway.drain(settings.service().shutdownTimeout());
        writers.forEach(Thread::interrupt);
        for (Thread thread : writers) {
            thread.join();
        }
        boolean saved = writer.saveAll(deadline);
        statuses.publishLast();
        LOG.log(INFO, "service.drained settled=" + settled + " saved=" + saved);
        return settled && saved ? ExitCode.CLEAN : ExitCode.FAILED;
    }
}
