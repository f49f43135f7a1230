package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Tests that the check finds every kind of fault and reports no other. */
final class LedgerCheckTest {
    private static final int EVENTS = 100;

    private final EventLedger ledger = new EventLedger();
    private final LedgerCheck check = new LedgerCheck(ledger);

    private SessionLedger session(String id) {
        SessionLedger session = ledger.open(id, 3);
        for (int i = 1; i <= EVENTS; i++) {
            session.record("TYPE", i, i);
        }
        session.sent(EVENTS);
        return session;
    }

    private void arrives(String session, int sequence) {
        check.received(3, session + ":" + sequence, "TYPE", sequence, sequence + 1_000_000);
    }

    private void allArrive(String session) {
        for (int i = 1; i <= EVENTS; i++) {
            arrives(session, i);
        }
    }

    @Test
    void reportsNoFaultWhenEveryEventArrivesOnceInOrder() throws InterruptedException {
        session("a");
        allArrive("a");
        LedgerCheck.Report report = check.awaitComplete(Duration.ofSeconds(1));
        assertTrue(report.kept(), report::toString);
        assertEquals(EVENTS, report.distinct());
        assertEquals(0, report.repeated());
        assertEquals(1e6, report.p99Nanos(), 0.04e6);
        assertEquals(1_000_000, report.maxNanos());
    }

    @Test
    void countsLostEvents() throws InterruptedException {
        session("a");
        for (int i = 1; i <= EVENTS; i++) {
            if (i != 7 && i != 50 && i != EVENTS) {
                arrives("a", i);
            }
        }
        LedgerCheck.Report report = check.awaitComplete(Duration.ofMillis(20));
        assertEquals(3, report.lost());
        assertTrue(report.toString().contains("a:7 TYPE"), report::toString);
    }

    @Test
    void distinguishesRepeatsFromReordering() {
        session("a");
        arrives("a", 1);
        arrives("a", 3);
        arrives("a", 1);
        arrives("a", 2);
        LedgerCheck.Report report = check.report();
        assertEquals(1, report.repeated());
        assertEquals(1, report.outOfOrder());
        assertEquals(3, report.distinct());
    }

    @Test
    void countsAnOlderSessionAfterANewerOneAsReordering() {
        session("a");
        session("b");
        arrives("a", 1);
        arrives("b", 1);
        arrives("a", 2);
        assertEquals(1, check.report().outOfOrder());
    }

    @Test
    void countsUnknownAndCorruptedMessages() {
        session("a");
        check.received(2, "a:1", "TYPE", 1, 1);
        check.received(3, "a:" + (EVENTS + 1), "TYPE", 1, 1);
        check.received(3, "nonsense", "TYPE", 1, 1);
        check.received(3, "a:99999999999999", "TYPE", 1, 1);
        check.received(3, "a:1", "OTHER", 1, 1);
        check.received(3, "a:2", "TYPE", 77, 1);
        LedgerCheck.Report report = check.report();
        assertEquals(4, report.unknown());
        assertEquals(2, report.corrupted());
        assertFalse(report.kept());
    }

    @Test
    void countsASessionUnknownToItsClientAsUnclaimed() throws InterruptedException {
        session("a").superseded();
        session("b");
        allArrive("b");
        LedgerCheck.Report report = check.awaitComplete(Duration.ofSeconds(1));
        assertEquals(EVENTS, report.unclaimed());
        assertEquals(0, report.lost());
    }

    @Test
    void countsLossesOfAPartlyReceivedSession() {
        session("a").superseded();
        session("b");
        arrives("a", 1);
        allArrive("b");
        LedgerCheck.Report report = check.report();
        assertEquals(0, report.unclaimed());
        assertEquals(EVENTS - 1, report.lost());
    }

    @Test
    void countsUnsentEventsOfAnEndedSessionAsUndeliverable() {
        SessionLedger session = session("a");
        session.record("TYPE", 0, 0);
        session.ended();
        allArrive("a");
        LedgerCheck.Report report = check.report();
        assertEquals(0, report.lost());
        assertEquals(1, report.undeliverable());
        assertEquals(EVENTS, report.dispatched());
    }
}
