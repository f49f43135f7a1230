package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Closes connections with every close code in every state, over real sockets, and compares with the
 * table of protocol section 1.5. 1005 is a close frame without a code, 1006 no close frame.
 */
final class CloseCodeScenarioTest {
    private static final Set<Integer> FATAL = Set.of(4004, 4010, 4011, 4012, 4013, 4014);
    private static final Set<Integer> SESSION_GONE = Set.of(4003, 4006, 4007);
    private static final List<Integer> CODES =
            List.of(
                    1000, 1001, 1005, 1006, 1011, 1012, 3000, 4000, 4001, 4002, 4003, 4004, 4005,
                    4006, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014, 4015, 4999);

    static List<Integer> all() {
        return CODES;
    }

    static Stream<Integer> resumable() {
        return CODES.stream().filter(code -> !FATAL.contains(code) && !SESSION_GONE.contains(code));
    }

    static Stream<Integer> sessionGone() {
        return SESSION_GONE.stream().sorted();
    }

    static Stream<Integer> fatal() {
        return FATAL.stream().sorted();
    }

    private static void assertStopped(GatewayTestSetup scenario, int code)
            throws InterruptedException {
        scenario.await("the shard stops", scenario::allStopped);
        assertEquals(1, scenario.count("Refused[closeCode=" + code), () -> "" + scenario.notices());
        int connections = scenario.recorder().connections().size();
        assertEquals(
                ShardSnapshot.Status.DISCONNECTED,
                scenario.gateway().snapshots().getFirst().status());
        assertEquals(connections, scenario.recorder().connections().size(), "it comes back");
    }

    /** Events that arrived before the close may settle a little later. */
    private static void assertCheckpointKept(GatewayTestSetup scenario)
            throws InterruptedException {
        scenario.await("a checkpoint", () -> scenario.gateway().checkpoints().size() == 1);
    }

    @ParameterizedTest
    @MethodSource("resumable")
    void readyShardResumesWithoutLossAfterResumableCode(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.simulator().events().rate(300);
            scenario.faults().close(_ -> true, code);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void readyShardResumesWithoutLossAfterTcpReset() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.simulator().events().rate(300);
            scenario.faults().reset(_ -> true);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    /**
     * A WebSocket library may answer the end of a stream with 1000, which would end the session.
     */
    @Test
    void endOfStreamIsNotAnsweredWithCodeThatEndsSession() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().shutDownOutput(_ -> true);
            scenario.awaitResumed(1);
            assertEquals(-1, scenario.recorder().connections().getFirst().clientCloseCode());
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void halfOpenConnectionIsClosedAndSessionResumed() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.faults().freeze(_ -> true);
            scenario.simulator().events().emit("MESSAGE_CREATE");
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @ParameterizedTest
    @MethodSource("sessionGone")
    void readyShardIdentifiesAndReportsGapWhenSessionIsLost(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().close(_ -> true, code);
            scenario.await(
                    "a new session", () -> scenario.identifies() == 2 && scenario.allReady());
            scenario.await("the gap event", () -> scenario.check().report().gaps() == 1);
            assertEquals(0, scenario.resumes());
        }
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void refusedShardStopsReportsOnceAndKeepsCheckpoint(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().close(_ -> true, code);
            assertStopped(scenario, code);
            scenario.assertNoFurtherIdentify();
            assertCheckpointKept(scenario);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void sessionSurvivesResumableCodesBeforeHello(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().closeOnConnect(code);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("closed", () -> scenario.count("Disconnected[code=") >= 2);
            scenario.faults().closeOnConnect(0);
            assertContinued(scenario, code);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void sessionSurvivesResumableCodesWhileResuming(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().closeOnResume(code);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("closed", () -> scenario.count("Disconnected[code=") >= 2);
            scenario.faults().closeOnResume(0);
            assertContinued(scenario, code);
        }
    }

    /**
     * Asserts that the shard stopped, started a new session, or kept the old one, as the table
     * requires.
     */
    private static void assertContinued(GatewayTestSetup scenario, int code)
            throws InterruptedException {
        if (FATAL.contains(code)) {
            assertStopped(scenario, code);
            assertCheckpointKept(scenario);
            return;
        }
        scenario.await("ready again", scenario::allReady);
        if (SESSION_GONE.contains(code)) {
            assertEquals(2, scenario.identifies());
        } else {
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void identifyingShardRetriesUnlessRefused(int code) throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().closeOnIdentify(code);
            scenario.start();
            scenario.await("closed", () -> scenario.count("Disconnected[code=") >= 1);
            scenario.faults().closeOnIdentify(0);
            if (FATAL.contains(code)) {
                assertStopped(scenario, code);
                assertEquals(1, scenario.identifies());
            } else {
                scenario.await("ready", scenario::allReady);
                assertTrue(scenario.identifies() >= 2);
                scenario.assertNothingLost();
            }
        }
    }
}
