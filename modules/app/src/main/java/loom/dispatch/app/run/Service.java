package loom.dispatch.app.run;

import loom.dispatch.app.config.BrokerConfigFactory;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.log.BrokerEventLog;
import loom.dispatch.app.logchannel.DiscordLogChannel.Pace;
import loom.dispatch.app.logchannel.DiscordLogChannels;
import loom.dispatch.app.process.BackgroundFetch;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessLifecycle;
import loom.dispatch.app.process.RedisErrorRemedy;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.process.SystemdNotifier;
import loom.dispatch.app.process.Version;
import loom.dispatch.app.status.ServiceMetrics;
import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.cache.GatewayBotStore;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisRefusedException;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.metrics.HttpEndpoint;
import loom.dispatch.metrics.MonitoringSources;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.PulseListener;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadFailure;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The life of the service: connect the stores, resume the shards, run until told to end, drain.
 * Runs on the main thread.
 */
public final class Service {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private final Settings settings;
    private final ProcessLifecycle lifetime;
    private final ServiceMetrics telemetry = new ServiceMetrics();
    private final Map<String, String> systemd;
    private final SupervisedThreads threads;
    private final ServiceStatus overview;

    /** There as soon as Redis is. */
    private final CompletableFuture<GatewayBotStore> note = new CompletableFuture<>();

    /** Creates the service of this process. */
    public Service(Settings settings, ProcessLifecycle lifetime) {
        this(settings, lifetime, System.getenv(), PulseListener.NONE);
    }

    /**
     * Creates a service, for tests.
     *
     * @param systemd the environment variables that systemd sets
     * @param pulseListener receives each beat of the service's threads
     */
    public Service(
            Settings settings,
            ProcessLifecycle lifetime,
            Map<String, String> systemd,
            PulseListener pulseListener) {
        this.systemd = systemd;
        this.settings = settings;
        this.lifetime = lifetime;
        threads = new SupervisedThreads(this::threadFailed, System::nanoTime, pulseListener);
        overview = new ServiceStatus(telemetry, threads);
    }

    /** An error in any long-lived thread ends the process: a restart resumes every session. */
    private void threadFailed(ThreadFailure failure) {
        LOG.write(AppLogEvents.THREAD_FAILED.with(failure.threadName()).causedBy(failure.cause()));
        lifetime.fail(failure.cause());
    }

    /**
     * Runs until a signal or a failure, and drains.
     *
     * @throws StartFailure if the configuration or a peer makes the start impossible
     * @throws Throwable the cause of a failure, after the drain
     */
    public ExitCode run() throws Throwable {
        ExitCode ended = runUntilStopped();
        if (lifetime.failure().isPresent()) {
            throw lifetime.failure().get();
        }
        return ended;
    }

    private ExitCode runUntilStopped() throws Exception {
        LOG.write(AppLogEvents.SERVICE_STARTING, Version.TEXT);
        // Discord is asked while all else begins: nothing of it needs the answer before its shards
        try (var _ = SystemdNotifier.begin(systemd, overview::health, threads);
                var discord =
                        BackgroundFetch.fetch(
                                "discord", () -> GatewayDiscovery.ask(settings, this::noted));
                HttpEndpoint http = listen()) {
            LOG.write(AppLogEvents.HTTP_LISTENING, http.address());
            return connect(discord);
        } catch (InterruptedException _) {
            // asked to end before there was anything to drain
            return ExitCode.CLEAN;
        } catch (RedisRefusedException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, RedisErrorRemedy.to(e.getMessage()));
        } catch (BrokerStartException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, "RabbitMQ: " + e.getMessage());
        }
    }

    private ExitCode connect(BackgroundFetch<GatewayDiscovery> discord) throws Exception {
        try (RedisClient redis = RedisClient.connect(settings.redis(), threads)) {
            note.complete(new GatewayBotStore(redis, settings.discord().bot()));
            Broker broker =
                    Broker.connect(
                            BrokerConfigFactory.broker(settings), new BrokerEventLog(), threads);
            try {
                return open(discord.get(), redis, broker);
            } finally {
                broker.close(Duration.ZERO);
            }
        }
    }

    /** What Discord said to an earlier start, as far as Redis is there to tell. */
    private Optional<GatewayBotStore.Content> noted() {
        try {
            return note.isDone() ? note.join().read() : Optional.empty();
        } catch (RedisUnavailableException _) {
            // told by the connection
            return Optional.empty();
        }
    }

    private ExitCode open(GatewayDiscovery discord, RedisClient redis, Broker broker)
            throws Exception {
        try (discord;
                var lease =
                        ShardLeaseRenewal.take(
                                redis,
                                discord.config(),
                                overview::waiting,
                                lifetime::fail,
                                threads);
                var logChannels =
                        DiscordLogChannels.open(settings.discord(), Pace.STANDARD, threads);
                var spool = SpoolFolder.open(settings.publish(), discord.config().totalShards())) {
            return hold(new ExternalServices(discord, redis, broker, spool, logChannels), lease);
        }
    }

    /** Holds the shards until the main thread is interrupted, then drains them. */
    private ExitCode hold(ExternalServices peers, ShardLeaseRenewal lease)
            throws InterruptedException, StartFailure {
        RunningService assembly =
                RunningService.join(settings, peers, lease, telemetry, lifetime, threads);
        overview.running(assembly);
        assembly.start();
        try {
            Thread.sleep(Duration.ofDays(365_000));
        } catch (InterruptedException _) {
            LOG.write(
                    AppLogEvents.SERVICE_DRAINING,
                    settings.service().shutdownTimeout().toSeconds());
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
                    new MonitoringSources(
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
