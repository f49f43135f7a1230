package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Discord sends op 7 in every state. The session continues, no event is lost, and no IDENTIFY is
 * used.
 */
final class ReconnectScenarioTest {
    private static final byte[] OP_7 =
            "{\"t\":null,\"s\":null,\"op\":7,\"d\":null}".getBytes(StandardCharsets.UTF_8);

    @Test
    void idleShardResumesAlthoughDiscordDoesNotClose() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().requestReconnect(_ -> true);
            scenario.awaitResumed(1);
            assertEquals(
                    1, scenario.closesWith(CloseReason.RECONNECT), "closed by us, with its code");
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void allShardsResumeUnderLoad() throws Exception {
        try (var scenario = GatewayTestSetup.of(8).startReady()) {
            scenario.simulator().events().rate(3_000);
            for (int round = 1; round <= 3; round++) {
                scenario.faults().requestReconnect(_ -> true);
                scenario.awaitResumed(round);
            }
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void reconnectBeforeFirstHelloOnlyDelaysIdentify() throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().sendBeforeHello(OP_7);
            scenario.start();
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.RECONNECT) >= 1);
            scenario.faults().sendBeforeHello();
            scenario.await("ready", scenario::allReady);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void reconnectBeforeHelloKeepsSession() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().sendBeforeHello(OP_7);
            scenario.faults().close(_ -> true, 4000);
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.RECONNECT) >= 2);
            scenario.faults().sendBeforeHello();
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void reconnectWhileResumingKeepsSession() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.simulator().events().rate(500);
            scenario.faults().answerResumeWith(OP_7);
            scenario.faults().close(_ -> true, 4000);
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.RECONNECT) >= 2);
            scenario.faults().answerResumeWith();
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void repeatedReconnectsBeforeHelloBackOff() throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().sendBeforeHello(OP_7);
            scenario.start();
            long began = System.nanoTime();
            scenario.await("six tries", () -> scenario.closesWith(CloseReason.RECONNECT) >= 6);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            // the least pauses after 1, 2, 3, 4 and 5 failures: 20 + 40 + 80 + 160 + 200 ms
            assertTrue(millis >= 500, "six connections in " + millis + " ms");
            scenario.faults().sendBeforeHello();
            scenario.await("ready", scenario::allReady);
        }
    }
}
