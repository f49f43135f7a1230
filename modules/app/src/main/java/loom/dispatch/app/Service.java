package loom.dispatch.app;

import static java.lang.System.Logger.Level.INFO;

import loom.dispatch.app.LogChannel.Pace;
import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.cache.GatewayNote;
import loom.dispatch.cache.Redis;
import loom.dispatch.cache.RedisRefused;
import loom.dispatch.cache.RedisUnavailable;
import loom.dispatch.metrics.HttpContent;
import loom.dispatch.metrics.HttpEndpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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

    /** There as soon as Redis is. */
    private final CompletableFuture<GatewayNote> note = new CompletableFuture<>();

    Service(Settings settings, Lifetime lifetime) {
        this.settings = settings;
        this.lifetime = lifetime;
    }

    /** Runs until a signal or a failure; returns when all is closed. */
    ExitCode run() throws Exception {
        LOG.log(INFO, "service.starting version=\"" + Version.TEXT + "\"");
        // Discord is asked while all else begins: nothing of it needs the answer before its shards
        try (var _ = Systemd.begin(System.getenv(), overview::health);
                var discord = Meanwhile.fetch("discord", () -> Discord.ask(settings, this::noted));
                HttpEndpoint http = listen()) {
            LOG.log(INFO, "http.listening address=" + http.address());
            return connect(discord);
        } catch (InterruptedException _) {
            // asked to end before there was anything to drain
            return ExitCode.CLEAN;
        } catch (RedisRefused e) {
            throw new StartFailure(ExitCode.TOPOLOGY, RedisAdvice.to(e.getMessage()));
        } catch (BrokerStartException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, "RabbitMQ: " + e.getMessage());
        }
    }

    private ExitCode connect(Meanwhile<Discord> discord) throws Exception {
        try (Redis redis = Redis.connect(settings.redis())) {
            note.complete(new GatewayNote(redis, settings.discord().bot()));
            Broker broker = Broker.connect(Stores.broker(settings), new BrokerLog());
            try {
                return open(discord.get(), redis, broker);
            } finally {
                broker.close(Duration.ZERO);
            }
        }
    }

    /** What Discord said to an earlier start, as far as Redis is there to tell. */
    private Optional<GatewayNote.Content> noted() {
        try {
            return note.isDone() ? note.join().read() : Optional.empty();
        } catch (RedisUnavailable _) {
            // told by the connection
            return Optional.empty();
        }
    }

    private ExitCode open(Discord discord, Redis redis, Broker broker) throws Exception {
        try (discord;
                var lease =
                        LeaseKeeper.take(
                                redis, discord.config(), overview::waiting, lifetime::fail);
                var logChannels = LogChannels.open(settings.discord(), Pace.STANDARD);
                var spool = DiskSpool.open(settings.publish(), discord.config().totalShards())) {
            return hold(new Peers(discord, redis, broker, spool, logChannels), lease);
        }
    }

    /** Holds the shards until the main thread is interrupted, then drains them. */
    private ExitCode hold(Peers peers, LeaseKeeper lease)
            throws InterruptedException, StartFailure {
        Assembly assembly = Assembly.join(settings, peers, lease, telemetry, lifetime);
        overview.running(assembly);
        assembly.start();
        try {
            Thread.sleep(Duration.ofDays(365_000));
        } catch (InterruptedException _) {
            LOG.log(
                    INFO,
                    "service.draining limit_s=" + settings.service().shutdownTimeout().toSeconds());
        }
        overview.draining();
        return assembly.drain(settings.service().shutdownTimeout())
                ? ExitCode.CLEAN
                : ExitCode.FAILED;
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
}
