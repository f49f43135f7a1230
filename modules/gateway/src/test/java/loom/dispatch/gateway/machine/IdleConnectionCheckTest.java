package loom.dispatch.gateway.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.IdleConnectionCheck.Finding;

import org.junit.jupiter.api.Test;

/** When an idle connection is asked, and what its silence means. */
final class IdleConnectionCheckTest {
    private final IdleConnectionCheck probe = new IdleConnectionCheck();

    private void event() {
        probe.expect();
        probe.hear();
    }

    @Test
    void theTimerIsStartedByTheFirstEventAndAgainOnlyAfterARest() {
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
    void aConnectionThatEventsComeOnIsNotAsked() {
        for (int i = 0; i < 10; i++) {
            event();
            assertEquals(Finding.LIVELY, probe.look(true));
        }
    }

    @Test
    void afterTheLatestEventItIsAskedOnceAndAnAnswerLeavesItInPeace() {
        event();
        assertEquals(Finding.LIVELY, probe.look(true));
        assertEquals(Finding.IDLE, probe.look(true));
        probe.hear();
        assertEquals(Finding.AT_REST, probe.look(true));
    }

    @Test
    void anythingElseThatIsHeardMeanwhileIsAnAnswerToo() {
        event();
        probe.look(true);
        probe.hear();
        assertEquals(Finding.AT_REST, probe.look(true));
    }

    @Test
    void anEventBetweenQuestionAndAnswerIsFollowedUpAsAnyOther() {
        event();
        probe.look(true);
        assertEquals(Finding.IDLE, probe.look(true));
        event();
        assertEquals(Finding.LIVELY, probe.look(true));
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }

    @Test
    void silenceAfterAQuestionIsDeath() {
        probe.expect();
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }

    /** A full backlog asks the socket for nothing, so nothing can be heard. */
    @Test
    void silenceOfOurOwnMakingIsNeitherAskedNorDeath() {
        event();
        probe.look(true);
        assertEquals(Finding.LIVELY, probe.look(false));
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.LIVELY, probe.look(false), "the answer may wait outside");
        assertEquals(Finding.IDLE, probe.look(true));
        assertEquals(Finding.DEAD, probe.look(true));
    }
}
