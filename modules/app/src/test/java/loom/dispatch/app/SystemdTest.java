package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.metrics.Check;
import loom.dispatch.metrics.StatusSnapshot.Phase;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What systemd hears in each state of the service. */
final class SystemdTest {
    private static final Check ALIVE = new Check("shards", true, "");
    private static final Check HANGING = new Check("shards", false, "[3]");
    private static final Check CONNECTED = new Check("shards", true, "16 of 16 ready");
    private static final Check REDIS_AWAY = new Check("redis", false, "");
    private static final Check BROKER_AWAY = new Check("broker", false, "0 of 2 connections up");

    private static List<String> lines(Phase phase, Check live, Check... ready) {
        return Systemd.message(new Health(phase, List.of(live), List.of(ready))).lines().toList();
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

    @Test
    void aPulseThatStopsIsNoticedAndOneThatGoesOnIsNot() {
        var clock = new AtomicLong(-5_000_000_000L);
        var pulse = new Pulse("checkpoints", clock::get);
        clock.addAndGet(Duration.ofSeconds(60).toNanos());
        assertFalse(pulse.silent(Duration.ofSeconds(60)));
        clock.addAndGet(1);
        assertTrue(pulse.silent(Duration.ofSeconds(60)));
        pulse.beat();
        assertFalse(pulse.silent(Duration.ofSeconds(60)));
    }
}
