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
 * Connects to Redis, RabbitMQ and Discord, resumes the shards, runs until the process must end, and
 * drains. Runs on the main thread.
 */
public final class Service {
    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private final Settings settings;
    private final ProcessLifecycle process;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final Map<String, String> systemd;
    private final SupervisedThreads threads;
    private final ServiceStatus status;

    /** Completed when Redis is connected. */
    private final CompletableFuture<GatewayBotStore> savedAnswer = new CompletableFuture<>();

    /** Creates the service of this process. */
    public Service(Settings settings, ProcessLifecycle process) {
        this(settings, process, System.getenv(), PulseListener.NONE);
    }

    /**
     * Creates a service, for tests.
     *
     * @param systemd the environment variables that systemd sets
     * @param pulseListener receives each beat of the service's threads
     */
    public Service(
            Settings settings,
            ProcessLifecycle process,
            Map<String, String> systemd,
            PulseListener pulseListener) {
        this.systemd = systemd;
        this.settings = settings;
        this.process = process;
        threads = new SupervisedThreads(this::threadFailed, System::nanoTime, pulseListener);
        status = new ServiceStatus(metrics, threads);
    }

    /** An error in any long-lived thread ends the process: a restart resumes every session. */
    private void threadFailed(ThreadFailure failure) {
        LOG.write(AppLogEvents.THREAD_FAILED.with(failure.threadName()).causedBy(failure.cause()));
        process.fail(failure.cause());
    }

    /**
     * Runs until a signal or a failure, and drains.
     *
     * @throws StartFailure if the configuration or a peer makes the start impossible
     * @throws Throwable the cause of a failure, after the drain
     */
    public ExitCode run() throws Throwable {
        ExitCode ended = runUntilStopped();
        if (process.failure().isPresent()) {
            throw process.failure().get();
        }
        return ended;
    }

    private ExitCode runUntilStopped() throws Exception {
        LOG.write(AppLogEvents.SERVICE_STARTING, Version.TEXT);
        // Discord is asked while the other services connect: only the shards need its answer
        try (var _ = SystemdNotifier.begin(systemd, status::health, threads);
                var discord =
                        BackgroundFetch.fetch(
                                "discord",
                                () -> GatewayDiscovery.ask(settings, this::savedAnswer));
                HttpEndpoint http = listen()) {
            LOG.write(AppLogEvents.HTTP_LISTENING, http.address());
            return connect(discord);
        } catch (InterruptedException _) {
            // a signal came before there was anything to drain
            return ExitCode.CLEAN;
        } catch (RedisRefusedException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, RedisErrorRemedy.to(e.getMessage()));
        } catch (BrokerStartException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, "RabbitMQ: " + e.getMessage());
        }
    }

    private ExitCode connect(BackgroundFetch<GatewayDiscovery> discord) throws Exception {
        try (RedisClient redis = RedisClient.connect(settings.redis(), threads)) {
            savedAnswer.complete(new GatewayBotStore(redis, settings.discord().bot()));
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

    /** Returns what Discord answered an earlier start, if Redis is connected and knows it. */
    private Optional<GatewayBotStore.Content> savedAnswer() {
        try {
            return savedAnswer.isDone() ? savedAnswer.join().read() : Optional.empty();
        } catch (RedisUnavailableException _) {
            // the Redis client logs the outage
            return Optional.empty();
        }
    }

    private ExitCode open(GatewayDiscovery discord, RedisClient redis, Broker broker)
            throws Exception {
        try (discord;
                var lease =
                        ShardLeaseRenewal.take(
                                redis, discord.config(), status::waiting, process::fail, threads);
                var logChannels =
                        DiscordLogChannels.open(settings.discord(), Pace.STANDARD, threads);
                var spool = SpoolFolder.open(settings.publish(), discord.config().totalShards())) {
            return hold(new ExternalServices(discord, redis, broker, spool, logChannels), lease);
        }
    }

    /** Holds the shards until the main thread is interrupted, then drains them. */
    private ExitCode hold(ExternalServices services, ShardLeaseRenewal lease)
            throws InterruptedException, StartFailure {
        var running = new RunningService(settings, services, lease, metrics, process, threads);
        status.running(running);
        running.start();
        try {
            Thread.sleep(Duration.ofDays(365_000));
        } catch (InterruptedException _) {
            LOG.write(
                    AppLogEvents.SERVICE_DRAINING,
                    settings.service().shutdownTimeout().toSeconds());
        }
        status.draining();
        return running.drain(settings.service().shutdownTimeout())
                ? ExitCode.CLEAN
                : ExitCode.FAILED;
    }

    private HttpEndpoint listen() throws StartFailure {
        try {
            return HttpEndpoint.start(
                    settings.service().http(),
                    new MonitoringSources(
                            metrics.metrics(),
                            status::live,
                            status::ready,
                            Optional.of(status::status),
                            settings.service().httpToken()));
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.FAILED,
                    e.getMessage() + ": set PROMETHEUS_HOST and PROMETHEUS_PORT to what is free");
        }
    }
}
