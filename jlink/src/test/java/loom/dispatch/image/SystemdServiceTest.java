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

/** Runs the image as the shipped unit under a real systemd. */
final class SystemdServiceTest {
    @TempDir private Path folder;

    @Test
    void systemdStartsRestartsAndStopsTheUnit() throws Exception {
        assumeTrue(
                PrivateSystemd.isPossible(),
                "NOT TESTED: the unit under a real systemd needs root and systemd");
        var hasty = Map.of("WatchdogSec", "3", "TimeoutAbortSec", "1", "RestartSec", "100ms");
        try (var setup = new ImageTestSetup();
                var systemd = new PrivateSystemd(folder, setup.environment(), hasty)) {
            PrivateSystemd.Answer start = systemd.systemctl("start", "loom-dispatch");
            assertEquals(0, start.code(), () -> start + systemd.output());
            // systemctl start returns at READY=1
            assertEquals(ImageTestSetup.SHARDS, setup.simulator().connectedShards());
            assertEquals("ready: 4 of 4 ready", systemd.property("StatusText"));
            String frozen = systemd.property("MainPID");
            setup.simulator().events().rate(200);
            setup.awaitEvents(200);
            systemd.systemctl("kill", "--kill-who=main", "--signal=SIGSTOP", "loom-dispatch");
            setup.await("systemd restarts it", () -> systemd.property("NRestarts").equals("1"));
            setup.await("it starts", () -> systemd.property("SubState").equals("running"));
            assertNotEquals(frozen, systemd.property("MainPID"));
            setup.awaitEvents(200);
            setup.assertNoEventLost();
            assertEquals(0, systemd.systemctl("stop", "loom-dispatch").code());
            assertEquals("success", systemd.property("Result"), systemd::output);
            assertEquals("0", systemd.property("ExecMainStatus"), systemd::output);
        }
    }
}
