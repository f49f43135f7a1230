package loom.dispatch.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.StatusSnapshot.Phase;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What systemd hears in each state of the service. */
final class SystemdNotifierTest {
    private static final HealthCheck ALIVE = new HealthCheck("shards", true, "");
    private static final HealthCheck HANGING = new HealthCheck("shards", false, "[3]");
    private static final HealthCheck CONNECTED = new HealthCheck("shards", true, "16 of 16 ready");
    private static final HealthCheck REDIS_AWAY = new HealthCheck("redis", false, "");
    private static final HealthCheck BROKER_AWAY =
            new HealthCheck("broker", false, "0 of 2 connections up");

    private static List<String> lines(Phase phase, HealthCheck live, HealthCheck... ready) {
        return SystemdNotifier.message(new ServiceHealth(phase, List.of(live), List.of(ready)))
                .lines()
                .toList();
    }

    @Test
    void aServiceThatIsReadySaysSoWithItsShards() {
        assertEquals(
                List.of("READY=1", "STATUS=ready: 16 of 16 ready", "WATCHDOG=1"),
                lines(Phase.RUNNING, ALIVE, CONNECTED));
    }

    @Test
    void aPeerThatIsAwayIsToldAndNoReasonToKill() {
        List<String> lines = lines(Phase.RUNNING, ALIVE, CONNECTED, BROKER_AWAY, REDIS_AWAY);
        assertTrue(
                lines.contains("STATUS=not ready: broker 0 of 2 connections up, redis"),
                lines::toString);
        assertTrue(lines.contains("WATCHDOG=1"), lines::toString);
        assertFalse(lines.contains("READY=1"), lines::toString);
    }

    @Test
    void aLongStartAndALongDrainAskForMoreTime() {
        for (Phase phase : List.of(Phase.STARTING, Phase.DRAINING)) {
            List<String> lines = lines(phase, ALIVE, REDIS_AWAY);
            assertTrue(lines.contains("EXTEND_TIMEOUT_USEC=30000000"), lines::toString);
            assertTrue(lines.contains("WATCHDOG=1"), lines::toString);
            assertEquals(phase == Phase.DRAINING, lines.contains("STOPPING=1"), lines::toString);
        }
    }

    @Test
    void whatHangsIsNamedAndNotKeptAlive() {
        assertEquals(List.of("STATUS=hangs: shards [3]"), lines(Phase.RUNNING, HANGING, CONNECTED));
    }
}
