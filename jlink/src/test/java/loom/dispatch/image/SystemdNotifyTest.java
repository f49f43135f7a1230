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

/** The image under a supervisor that speaks as systemd does: Type=notify with a watchdog. */
@EnabledOnOs(OS.LINUX)
final class SystemdNotifyTest {
    private static final Duration WATCHDOG = Duration.ofMillis(1500);

    /** Longer than systemd would wait. */
    private static final Duration SILENCE = WATCHDOG.multipliedBy(2);

    private static final String READY = "READY=1";
    private static final String ALIVE = "WATCHDOG=1";

    private static void start(ImageTestSetup stage, String socket) {
        stage.startImage(
                Map.of(
                        "NOTIFY_SOCKET",
                        socket,
                        "WATCHDOG_USEC",
                        Long.toString(WATCHDOG.toNanos() / 1000)));
    }

    @Test
    void systemdHearsOfTheStartThePeersThatAreAwayAndTheEnd() throws Throwable {
        String socket = Files.createTempDirectory("notify").resolve("socket").toString();
        try (var listener = new SystemdNotifyListener(socket);
                var stage = new ImageTestSetup()) {
            start(stage, socket);
            stage.await("ready", () -> listener.count(READY) > 0);
            assertEquals(ImageTestSetup.SHARDS, stage.simulator().connectedShards());
            assertTrue(listener.latest().contains("STATUS=ready: 4 of 4 ready"), listener::latest);
            stage.redis().stop();
            stage.await("Redis is away", () -> listener.latest().contains("not ready: redis"));
            long before = listener.count(ALIVE);
            stage.await("it is alive all the same", () -> listener.count(ALIVE) >= before + 3);
            stage.redis().start();
            stage.await("ready again", () -> listener.latest().contains(READY));
            stage.image().terminate();
            assertEquals(
                    0, stage.image().awaitExit(ImageTestSetup.PATIENCE), stage.image()::output);
            assertTrue(listener.count("STOPPING=1") > 0, () -> listener.heard().toString());
        } finally {
            Files.deleteIfExists(Path.of(socket));
        }
    }

    @Test
    void aFrozenProcessIsSilentForLongerThanTheWatchdogWaits() throws Throwable {
        String socket = "@loom-dispatch-test-" + ProcessHandle.current().pid();
        try (var listener = new SystemdNotifyListener(socket);
                var stage = new ImageTestSetup()) {
            start(stage, socket);
            stage.await("ready", () -> listener.count(READY) > 0);
            stage.image().signal("STOP");
            // what it sent before it stopped
            long before = settled(listener);
            long end = System.nanoTime() + SILENCE.toNanos();
            stage.await("the watchdog's time", () -> System.nanoTime() > end);
            assertEquals(before, listener.count(ALIVE));
            stage.image().signal("CONT");
            stage.await("it is alive again", () -> listener.count(ALIVE) > before);
        }
    }

    /** A signal takes effect soon, and not at once. */
    private static long settled(SystemdNotifyListener listener) throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
        Eventually.await("a moment", SILENCE, () -> System.nanoTime() > end);
        return listener.count(ALIVE);
    }
}
