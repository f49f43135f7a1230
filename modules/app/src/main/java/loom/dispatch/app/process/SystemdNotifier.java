package loom.dispatch.app.process;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Notifies systemd of the state of the service by sd_notify(3): READY=1 when the service is ready,
 * WATCHDOG=1 while no thread hangs, STOPPING=1 during a drain, and always a STATUS line.
 *
 * <p>During a start and a drain it extends the timeouts of the unit: both may take as long as other
 * servers need, and SHUTDOWN_TIMEOUT limits a drain. A hanging process sends nothing, so systemd
 * ends it. The thread is virtual on purpose: it also stops if the scheduler of virtual threads
 * starves.
 */
public final class SystemdNotifier implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.systemd");

    /** The interval of the checks, and so the longest delay of a notification. */
    private static final Duration ROUND = Duration.ofMillis(250);

    /** The longest interval between notifications without a watchdog. */
    private static final Duration CALM = Duration.ofSeconds(5);

    /** Six times the longest delay in a process that does not hang. */
    private static final Duration EXTENSION = Duration.ofSeconds(6 * CALM.toSeconds());

    private final Supplier<ServiceHealth> health;
    private final String socketName;
    private final long calmNanos;
    private Optional<SupervisedThread> thread = Optional.empty();

    private SystemdNotifier(Supplier<ServiceHealth> health, Map<String, String> environment) {
        this.health = health;
        socketName = environment.getOrDefault("NOTIFY_SOCKET", "");
        calmNanos = Math.min(CALM.toNanos(), watchdogNanos(environment) / 3);
    }

    /**
     * Starts the notifications if systemd requested them.
     *
     * @param environment contains NOTIFY_SOCKET and WATCHDOG_USEC
     * @param health called several times a second; must not block
     * @param threads starts the notifying thread
     */
    public static SystemdNotifier begin(
            Map<String, String> environment,
            Supplier<ServiceHealth> health,
            SupervisedThreads threads) {
        var systemd = new SystemdNotifier(health, environment);
        if (!systemd.socketName.isEmpty()) {
            systemd.thread = Optional.of(threads.start("systemd", systemd::run));
        }
        return systemd;
    }

    /**
     * Returns the longest interval between two WATCHDOG=1, from microseconds; an hour without a
     * watchdog.
     */
    private static long watchdogNanos(Map<String, String> environment) {
        try {
            return Math.multiplyExact(Long.parseLong(environment.get("WATCHDOG_USEC")), 1000L);
        } catch (NumberFormatException | ArithmeticException _) {
            return Duration.ofHours(1).toNanos();
        }
    }

    private void run(ThreadPulse pulse) {
        SystemdSocket socket;
        try {
            socket = new SystemdSocket(socketName);
        } catch (RuntimeException | LinkageError failure) {
            // the service works without systemd's notifications
            LOG.write(AppLogEvents.SYSTEMD_UNREACHABLE, failure.getMessage());
            return;
        }
        try (socket) {
            notifyUntilStopped(socket, pulse);
        }
    }

    private void notifyUntilStopped(SystemdSocket socket, ThreadPulse pulse) {
        String told = "";
        long toldNanos = System.nanoTime();
        try {
            while (true) {
                pulse.expectWithin(ROUND);
                Thread.sleep(ROUND);
                String message = message(health.get());
                long now = System.nanoTime();
                if ((!message.equals(told) || now - toldNanos >= calmNanos)
                        && socket.send(message)) {
                    told = message;
                    toldNanos = now;
                }
            }
        } catch (InterruptedException _) {
            socket.send("STOPPING=1\nSTATUS=ended");
        }
    }

    /** Returns the notification for a state of the service. */
    static String message(ServiceHealth health) {
        if (!health.isLive()) {
            return "STATUS=hangs: " + ServiceHealth.failing(health.live());
        }
        String more = "\nWATCHDOG=1\nEXTEND_TIMEOUT_USEC=" + EXTENSION.toNanos() / 1000;
        return switch (health.phase()) {
            case STARTING -> "STATUS=starting" + more;
            case DRAINING -> "STOPPING=1\nSTATUS=draining" + more;
            case RUNNING ->
                    health.isReady()
                            ? "READY=1\nSTATUS=ready: " + shards(health) + "\nWATCHDOG=1"
                            : "STATUS=not ready: " + ServiceHealth.failing(health.ready()) + more;
        };
    }

    private static String shards(ServiceHealth health) {
        return health.ready().stream()
                .filter(check -> check.name().equals("shards"))
                .map(HealthCheck::detail)
                .findFirst()
                .orElse("all");
    }

    /** Notifies systemd of the end before it returns. */
    @Override
    public void close() {
        try {
            if (thread.isPresent()) {
                thread.get().stop();
                thread.get().join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
