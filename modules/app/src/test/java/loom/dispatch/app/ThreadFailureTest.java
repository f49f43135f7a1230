package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessLifecycle;
import loom.dispatch.app.run.Service;
import loom.dispatch.runtime.LogEvent;
import loom.dispatch.runtime.PulseListener;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Checks that an unexpected error in any long-lived thread ends the service: the log names the
 * thread, the service drains, and the exit code is {@link ExitCode#FAILED}.
 *
 * <p>A first run of the service lists its threads. Then each of them fails in a run of its own.
 */
final class ThreadFailureTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than the interval between two IDENTIFYs, after which the limiters have no work. */
    private static final Duration SETTLING = Duration.ofSeconds(6);

    /** Two rounds of the slowest periodic thread, which renews the lease every 3 s. */
    private static final Duration OBSERVED = Duration.ofMillis(6_500);

    /** The threads of the service in the configuration of this test. */
    private static final List<String> EXPECTED =
            List.of(
                    "checkpoints",
                    "command-replies",
                    "confirmed-rate",
                    "connect-limiter-identify",
                    "connect-limiter-resume",
                    "dispatch-0",
                    "dispatch-1",
                    "empty-batches",
                    "identify-limiter",
                    "lease",
                    "log-channel",
                    "rabbit-supervisor--1",
                    "rabbit-supervisor-0",
                    "received-rate",
                    "redis-silence",
                    "shard-0",
                    "shard-1",
                    "silence-watchdog",
                    "state-size",
                    "statuses",
                    "systemd");

    private static Simulator simulator;
    private static RedisServer redis;
    private static VirtualHost rabbit;

    @BeforeAll
    static void startServers() throws Exception {
        simulator =
                Simulator.start(
                        SimulatorConfig.standard()
                                .withShards(2)
                                .withHeartbeatInterval(Duration.ofSeconds(1))
                                .withIdentifyInterval(Duration.ofMillis(20)));
        redis = Servers.redis();
        rabbit = Servers.sharedRabbit().newVirtualHost();
    }

    @AfterAll
    static void stopServers() throws Exception {
        redis.close();
        simulator.close();
    }

    @TestFactory
    Stream<DynamicTest> errorInAnyThreadEndsTheServiceWithItsExitCode() throws Exception {
        Map<String, Boolean> threads = threadsOfAService();
        return threads.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(thread ->
                        DynamicTest.dynamicTest(
                                thread.getKey(),
                                () -> failureEndsTheService(thread.getKey(), thread.getValue())));
    }

    /** Returns each thread, and whether it beats again and again in a quiet service. */
    private static Map<String, Boolean> threadsOfAService() throws Exception {
        Map<String, Integer> beats = new ConcurrentHashMap<>();
        try (var run = new Run(name -> beats.merge(name, 1, Integer::sum))) {
            run.await("every thread has started", () -> beats.keySet().containsAll(EXPECTED));
            run.await("all shards are ready", () -> run.logged("shard.ready ") == 2);
            Thread.sleep(SETTLING);
            Map<String, Integer> before = Map.copyOf(beats);
            Thread.sleep(OBSERVED);
            Map<String, Integer> after = Map.copyOf(beats);
            run.stop();
            assertEquals(ExitCode.CLEAN, run.exitCode());
            Map<String, Boolean> periodic = new HashMap<>();
            after.forEach(
                    (name, count) -> periodic.put(name, count >= before.getOrDefault(name, 0) + 2));
            assertEquals(Set.copyOf(EXPECTED), periodic.keySet());
            return periodic;
        }
    }

    /**
     * Throws inside a thread: once all threads have started if the thread beats periodically,
     * otherwise in its first round.
     */
    private static void failureEndsTheService(String thread, boolean periodic) throws Exception {
        Map<String, Integer> beats = new ConcurrentHashMap<>();
        try (var run =
                new Run(name -> {
                    int count = beats.merge(name, 1, Integer::sum);
                    boolean due = periodic ? beats.keySet().containsAll(EXPECTED) : count == 2;
                    if (name.equals(thread) && due) {
                        throw new IllegalStateException("thrown by the test in " + name);
                    }
                })) {
            assertEquals(ExitCode.FAILED, run.exitCode());
            run.assertLogged("service.thread_failed thread=" + thread + " ");
            run.assertLogged("service.failed ");
            if (periodic) {
                run.assertLogged("service.drained ");
            }
        }
    }

    /** One run of the service, on a thread that stands for the main thread. */
    private static final class Run implements AutoCloseable {
        private final CompletableFuture<ExitCode> exitCode = new CompletableFuture<>();
        private final Queue<String> events = new ConcurrentLinkedQueue<>();
        private final Thread main;

        Run(PulseListener listener) throws Exception {
            var settings = Settings.from(new Environment(Map.of(), environment()));
            main =
                    Thread.ofPlatform()
                            .unstarted(() -> {
                                var logger = Logger.getLogger("loom.dispatch");
                                var handler = new EventCollector(events);
                                logger.addHandler(handler);
                                try {
                                    var process =
                                            ProcessLifecycle.interrupting(Thread.currentThread());
                                    Map<String, String> systemd =
                                            Map.of("NOTIFY_SOCKET", "@loom-dispatch-none");
                                    var service = new Service(settings, process, systemd, listener);
                                    exitCode.complete(Main.exitCode(service::run));
                                } finally {
                                    logger.removeHandler(handler);
                                }
                            });
            main.start();
        }

        void stop() {
            main.interrupt();
        }

        ExitCode exitCode() throws Exception {
            ExitCode code = exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            main.join(PATIENCE);
            return code;
        }

        long logged(String beginning) {
            return events.stream().filter(event -> (event + " ").startsWith(beginning)).count();
        }

        void assertLogged(String beginning) {
            assertTrue(logged(beginning) > 0, () -> beginning + " is not in " + events);
        }

        <E extends Exception> void await(String expected, Eventually.Condition<E> condition)
                throws E {
            Eventually.await(expected, PATIENCE, events::toString, condition);
        }

        /** Ends the service, also after a failed assertion: it holds the lease. */
        @Override
        public void close() {
            main.interrupt();
            try {
                main.join(PATIENCE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("BOT_TOKEN", simulator.config().token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", "" + redis.port());
        environment.put("RABBIT_HOST", rabbit.host());
        environment.put("RABBIT_PORT", "" + rabbit.port());
        environment.put("RABBIT_USERNAME", rabbit.user());
        environment.put("RABBIT_PASSWORD", rabbit.password());
        environment.put("RABBIT_VHOST", rabbit.name());
        environment.put("LOG_CHANNEL", "1");
        environment.put("PROMETHEUS_PORT", "0");
        environment.put("SHUTDOWN_TIMEOUT", "2");
        return environment;
    }

    /** Collects the text form of each log event. */
    private static final class EventCollector extends Handler {
        private final Queue<String> events;

        EventCollector(Queue<String> events) {
            this.events = events;
        }

        @Override
        public void publish(LogRecord logged) {
            if (logged.getParameters() != null
                    && logged.getParameters()[0] instanceof LogEvent event) {
                events.add(event.toString());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
