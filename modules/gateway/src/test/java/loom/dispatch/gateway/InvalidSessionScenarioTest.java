package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.TestTimeouts;
import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.simulator.ClientActionRecorder;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Discord sends op 9 in every state. The shard resumes if it may, otherwise identifies once, and
 * always pauses first.
 */
final class InvalidSessionScenarioTest {
    private static final byte[] RESUMABLE =
            "{\"t\":null,\"s\":null,\"op\":9,\"d\":true}".getBytes(StandardCharsets.UTF_8);

    @Test
    void resumableSessionIsResumedAfterPause() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.simulator().events().rate(300);
            long before = System.nanoTime();
            scenario.faults().invalidate(_ -> true, true);
            scenario.awaitResumed(1);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
            assertTrue(millis >= TestTimeouts.CALM.invalidLeast().toMillis(), millis + " ms");
            assertEquals(
                    1, scenario.closesWith(CloseReason.INVALID_SESSION), "not 1000, which ends it");
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void lostSessionIsReplacedAndGapReported() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().invalidate(_ -> true, false);
            scenario.await(
                    "a new session", () -> scenario.identifies() == 2 && scenario.allReady());
            scenario.await("the gap event", () -> scenario.check().report().gaps() == 1);
            scenario.assertNothingLost();
            assertEquals(0, scenario.resumes());
        }
    }

    @Test
    void refusedResumeIsFollowedByOneIdentify() throws Exception {
        try (var scenario = GatewayTestSetup.of(2).startReady()) {
            scenario.faults().dropSessions(shard -> shard == 0);
            scenario.faults().close(_ -> true, 4000);
            scenario.await(
                    "a new session and a resumed one",
                    () -> scenario.identifies() == 3 && scenario.allReady());
            scenario.await("the gap event", () -> scenario.check().report().gaps() == 1);
            assertEquals(2, scenario.resumes());
            scenario.assertNothingLost();
        }
    }

    @Test
    void resumableInvalidSessionDuringResumeIsRetried() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().answerResumeWith(RESUMABLE);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("refused twice", () -> scenario.count("SessionInvalidated[") >= 2);
            scenario.faults().answerResumeWith();
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void pausesGrowOverTenRefusedIdentifies() throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().refuseIdentify(true);
            scenario.start();
            scenario.await("ten tries", () -> scenario.identifies() >= 10);
            List<Long> pauses = pausesBetweenIdentifies(scenario);
            long least = TestTimeouts.CALM.invalidLeast().toMillis();
            assertTrue(pauses.stream().allMatch(pause -> pause >= least), pauses::toString);
            long most = TestTimeouts.CALM.backOffMost().toMillis();
            assertTrue(pauses.get(8) >= most / 2, pauses::toString);
            scenario.faults().refuseIdentify(false);
            scenario.await("ready", scenario::allReady);
            scenario.assertNothingLost();
        }
    }

    private static List<Long> pausesBetweenIdentifies(GatewayTestSetup scenario) {
        List<Long> at = new ArrayList<>();
        for (ClientActionRecorder.Connection connection : scenario.recorder().connections()) {
            connection.frames(Opcode.IDENTIFY).forEach(frame -> at.add(frame.nanos()));
        }
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < at.size(); i++) {
            pauses.add(TimeUnit.NANOSECONDS.toMillis(at.get(i) - at.get(i - 1)));
        }
        return pauses;
    }
}
