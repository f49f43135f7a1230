package loom.dispatch.gateway.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.IdleConnectionCheck.Finding;

import org.junit.jupiter.api.Test;

/** Checks when an idle connection is tested, and when it counts as dead. */
final class IdleConnectionCheckTest {
    private final IdleConnectionCheck probe = new IdleConnectionCheck();

    private void event() {
        probe.expect();
        probe.hear();
    }

    @Test
    void firstEventStartsTimerAndLaterEventsOnlyAfterRest() {
        assertTrue(probe.expect());
        assertFalse(probe.expect());
        probe.hear();
        assertEquals(Finding.LIVELY, probe.look(true));
        assertFalse(probe.expect(), "it runs");
        probe.hear();
        probe.look(true);
        probe.hear();
        assertEquals(Finding.AT_REST, probe.look(true));
        assertTrue(probe.expect());
    }

    @Test
    void busyConnectionIsNotTested() {
        for (int i = 0; i < 10; i++) {
            event();
            assertEquals(Finding.LIVELY, probe.look(true));
        }
    }

    @Test
    void connectionIsTestedOnceAfterLatestEvent() {
        event();
        assertEquals(Finding.LIVELY, probe.look(true));
        assertEquals(Finding.IDLE, probe.look(true));
        probe.hear();
        assertEquals(Finding.AT_REST, probe.look(true));
    }

    @Test
    void anyReceivedFrameCountsAsAnswer() {
        event();
        probe.look(true);
        probe.hear();
        assertEquals(Finding.AT_REST, probe.look(true));
    }

    @Test
    void eventBetweenTestAndAnswerStartsNewCheck() {
        event();
        probe.look(true);
        assertEquals(Finding.IDLE, probe.look(true));
        event();
        assertEquals(Finding.LIVELY, probe.look(true));
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }

    @Test
    void silenceAfterTestMeansDead() {
        probe.expect();
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }

    /** With a full backlog the shard requests nothing from the socket, so nothing can arrive. */
    @Test
    void withheldConnectionIsNeitherTestedNorDead() {
        event();
        probe.look(true);
        assertEquals(Finding.LIVELY, probe.look(false));
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.LIVELY, probe.look(false), "the answer may wait outside");
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }
}
