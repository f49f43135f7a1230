package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.SystemdNotifyListener;
import loom.dispatch.servers.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Receives the notifications that the image sends to systemd (Type=notify with a watchdog). */
@EnabledOnOs(OS.LINUX)
final class SystemdNotifyTest {
    private static final Duration WATCHDOG = Duration.ofMillis(1500);

    /** Longer than the watchdog's limit. */
    private static final Duration SILENCE = WATCHDOG.multipliedBy(2);

    private static final String READY = "READY=1";
    private static final String ALIVE = "WATCHDOG=1";

    private static void start(ImageTestSetup setup, String socket) {
        setup.startImage(
                Map.of(
                        "NOTIFY_SOCKET",
                        socket,
                        "WATCHDOG_USEC",
                        Long.toString(WATCHDOG.toNanos() / 1000)));
    }

    @Test
    void notifiesStartOutageAndStop() throws Throwable {
        String socket = Files.createTempDirectory("notify").resolve("socket").toString();
        try (var listener = new SystemdNotifyListener(socket);
                var setup = new ImageTestSetup()) {
            start(setup, socket);
            setup.await("ready", () -> listener.count(READY) > 0);
            assertEquals(ImageTestSetup.SHARDS, setup.simulator().connectedShards());
            assertTrue(listener.latest().contains("STATUS=ready: 4 of 4 ready"), listener::latest);
            setup.redis().stop();
            setup.await("Redis is away", () -> listener.latest().contains("not ready: redis"));
            long before = listener.count(ALIVE);
            setup.await("it is alive all the same", () -> listener.count(ALIVE) >= before + 3);
            setup.redis().start();
            setup.await("ready again", () -> listener.latest().contains(READY));
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT), setup.image()::output);
            assertTrue(listener.count("STOPPING=1") > 0, () -> listener.heard().toString());
        } finally {
            Files.deleteIfExists(Path.of(socket));
        }
    }

    @Test
    void frozenProcessSendsNoWatchdogNotification() throws Throwable {
        String socket = "@loom-dispatch-test-" + ProcessHandle.current().pid();
        try (var listener = new SystemdNotifyListener(socket);
                var setup = new ImageTestSetup()) {
            start(setup, socket);
            setup.await("ready", () -> listener.count(READY) > 0);
            setup.image().signal("STOP");
            // notifications that the process sent before SIGSTOP
            long before = settled(listener);
            long end = System.nanoTime() + SILENCE.toNanos();
            setup.await("the watchdog's time", () -> System.nanoTime() > end);
            assertEquals(before, listener.count(ALIVE));
            setup.image().signal("CONT");
            setup.await("it is alive again", () -> listener.count(ALIVE) > before);
        }
    }

    /** Waits until the process is stopped, because a signal does not take effect at once. */
    private static long settled(SystemdNotifyListener listener) throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
        Eventually.await("a moment", SILENCE, () -> System.nanoTime() > end);
        return listener.count(ALIVE);
    }
}
