package loom.dispatch.gateway.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.IdleConnectionCheck.Finding;

import org.junit.jupiter.api.Test;

/** Checks when an idle connection is tested, and when it counts as dead. */
final class IdleConnectionCheckTest {
    private final IdleConnectionCheck idleCheck = new IdleConnectionCheck();

    private void event() {
        idleCheck.expectEvent();
        idleCheck.received();
    }

    @Test
    void firstEventStartsTimerAndLaterEventsOnlyAfterRest() {
        assertTrue(idleCheck.expectEvent());
        assertFalse(idleCheck.expectEvent());
        idleCheck.received();
        assertEquals(Finding.ACTIVE, idleCheck.check(true));
        assertFalse(idleCheck.expectEvent(), "it runs");
        idleCheck.received();
        idleCheck.check(true);
        idleCheck.received();
        assertEquals(Finding.RESTED, idleCheck.check(true));
        assertTrue(idleCheck.expectEvent());
    }

    @Test
    void busyConnectionIsNotTested() {
        for (int i = 0; i < 10; i++) {
            event();
            assertEquals(Finding.ACTIVE, idleCheck.check(true));
        }
    }

    @Test
    void connectionIsTestedOnceAfterLatestEvent() {
        event();
        assertEquals(Finding.ACTIVE, idleCheck.check(true));
        assertEquals(Finding.IDLE, idleCheck.check(true));
        idleCheck.received();
        assertEquals(Finding.RESTED, idleCheck.check(true));
    }

    @Test
    void anyReceivedFrameCountsAsAnswer() {
        event();
        idleCheck.check(true);
        idleCheck.received();
        assertEquals(Finding.RESTED, idleCheck.check(true));
    }

    @Test
    void eventBetweenTestAndAnswerStartsNewCheck() {
        event();
        idleCheck.check(true);
        assertEquals(Finding.IDLE, idleCheck.check(true));
        event();
        assertEquals(Finding.ACTIVE, idleCheck.check(true));
        assertEquals(Finding.IDLE, idleCheck.check(true));
        assertEquals(Finding.DEAD, idleCheck.check(true));
    }

    @Test
    void silenceAfterTestMeansDead() {
        idleCheck.expectEvent();
        assertEquals(Finding.IDLE, idleCheck.check(true));
        assertEquals(Finding.DEAD, idleCheck.check(true));
    }

    /** With a full backlog the shard requests nothing from the socket, so nothing can arrive. */
    @Test
    void withheldConnectionIsNeitherTestedNorDead() {
        event();
        idleCheck.check(true);
        assertEquals(Finding.ACTIVE, idleCheck.check(false));
        assertEquals(Finding.IDLE, idleCheck.check(true));
        assertEquals(Finding.ACTIVE, idleCheck.check(false), "the answer may wait outside");
        assertEquals(Finding.IDLE, idleCheck.check(true));
        assertEquals(Finding.DEAD, idleCheck.check(true));
    }
}
