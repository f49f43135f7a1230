package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.TestTimeouts;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * A connection ends unnoticed, over real sockets and with Discord's own heartbeat interval. The
 * shard closes it long before the next heartbeat.
 */
final class IdleConnectionScenarioTest {
    private static final ShardTimeouts WATCHFUL =
            TestTimeouts.withProbe(Duration.ofMillis(300), Duration.ofMillis(2_000));

    /** Waits less than the regular heartbeats need to detect the end, which is at least 41 s. */
    private static GatewayTestSetup watchful(int shards) {
        return GatewayTestSetup.of(shards).timing(WATCHFUL).patience(Duration.ofSeconds(20));
    }

    @Test
    void idleConnectionIsTestedAndClosed() throws Exception {
        try (var scenario = watchful(1).startReady()) {
            scenario.faults().freeze(_ -> true);
            scenario.simulator().events().emit("MESSAGE_CREATE");
            scenario.awaitResumed(1);
            assertEquals(1, scenario.closesWith(CloseReason.ZOMBIE), () -> "" + scenario.notices());
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    /** The JDK's WebSocket drops an end of stream that arrives right after a message. */
    @Test
    void detectsEndOfConnectionRightAfterEvent() throws Exception {
        try (var scenario = watchful(16).startReady()) {
            scenario.simulator().events().rate(4_000);
            for (int round = 1; round <= 4; round++) {
                scenario.faults().cut(_ -> true);
                scenario.awaitResumed(round);
            }
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void idleConnectionIsTestedOnceAfterLatestEvent() throws Exception {
        try (var scenario = watchful(1).startReady()) {
            scenario.await("asked after READY", () -> scenario.heartbeats() == 1);
            scenario.simulator().events().emit("MESSAGE_CREATE");
            scenario.await("asked after the event", () -> scenario.heartbeats() == 2);
            scenario.awaitPassing(WATCHFUL.idle().plus(WATCHFUL.answer()).multipliedBy(3));
            assertTrue(scenario.heartbeats() <= 3, "one may be the regular one, which is random");
            scenario.assertNoFurtherConnection();
        }
    }

    @Test
    void slowAnswerKeepsConnection() throws Exception {
        try (var scenario = watchful(1).startReady()) {
            scenario.faults().delayAcks(WATCHFUL.answer().toMillis() / 2);
            scenario.simulator().events().emit("MESSAGE_CREATE");
            scenario.await("asked", () -> scenario.heartbeats() >= 1);
            scenario.awaitPassing(WATCHFUL.idle().plus(WATCHFUL.answer()).multipliedBy(2));
            scenario.assertNoFurtherConnection();
        }
    }
}
