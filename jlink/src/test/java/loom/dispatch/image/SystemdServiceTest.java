package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.PrivateSystemd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

/** The shipped unit starts the image under a real systemd, and systemd sees what it should. */
final class SystemdServiceTest {
    @TempDir private Path folder;

    @Test
    void theUnitStartsWhenReadyIsRestartedWhenFrozenAndStopsClean() throws Exception {
        assumeTrue(
                PrivateSystemd.isPossible(),
                "NOT CHECKED: the unit under a real systemd, for that needs root and systemd");
        var hasty = Map.of("WatchdogSec", "3", "TimeoutAbortSec", "1", "RestartSec", "100ms");
        try (var stage = new ImageTestSetup();
                var systemd = new PrivateSystemd(folder, stage.environment(), hasty)) {
            PrivateSystemd.Answer start = systemd.systemctl("start", "loom-dispatch");
            assertEquals(0, start.code(), () -> start + systemd.output());
            // start returns at READY=1 and not before
            assertEquals(ImageTestSetup.SHARDS, stage.simulator().connectedShards());
            assertEquals("ready: 4 of 4 ready", systemd.property("StatusText"));
            String frozen = systemd.property("MainPID");
            stage.simulator().events().rate(200);
            stage.awaitEvents(200);
            systemd.systemctl("kill", "--kill-who=main", "--signal=SIGSTOP", "loom-dispatch");
            stage.await("systemd restarts it", () -> systemd.property("NRestarts").equals("1"));
            stage.await("it starts", () -> systemd.property("SubState").equals("running"));
            assertNotEquals(frozen, systemd.property("MainPID"));
            stage.awaitEvents(200);
            stage.assertPromiseKept();
            assertEquals(0, systemd.systemctl("stop", "loom-dispatch").code());
            assertEquals("success", systemd.property("Result"), systemd::output);
            assertEquals("0", systemd.property("ExecMainStatus"), systemd::output);
        }
    }
}
