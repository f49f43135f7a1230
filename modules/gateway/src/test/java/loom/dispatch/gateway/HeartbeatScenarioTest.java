package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.ClientActionRecorder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.OptionalLong;

/** Checks heartbeats and acknowledgements: a shard closes zombie connections, and no others. */
final class HeartbeatScenarioTest {
    private static final byte[] TWENTY_MEGABYTES =
            ("{\"x\":\"" + "y".repeat(20_000_000) + "\"}").getBytes();

    private static void awaitHeartbeats(GatewayTestSetup scenario, int more)
            throws InterruptedException {
        long wanted = scenario.heartbeats() + (long) more * scenario.shards();
        scenario.await(more + " heartbeats", () -> scenario.heartbeats() >= wanted);
    }

    @Test
    void shardResumesWhenHeartbeatsAreNeverAcknowledged() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(2)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.faults().acknowledge(false);
            scenario.await(
                    "the connection is closed", () -> scenario.closesWith(CloseReason.ZOMBIE) >= 2);
            scenario.faults().acknowledge(true);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void acknowledgementLateByNineTenthsOfIntervalIsInTime() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1).startReady().heartbeatInterval(Duration.ofSeconds(2))) {
            scenario.faults().delayAcks(1_800);
            awaitHeartbeats(scenario, 3);
            scenario.assertNoFurtherConnection();
        }
    }

    @Test
    void acknowledgementLateByMoreThanIntervalMakesIdleConnectionZombie() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.faults().delayAcks(330);
            scenario.await(
                    "the connection is closed", () -> scenario.closesWith(CloseReason.ZOMBIE) >= 1);
            scenario.faults().delayAcks(0);
            scenario.await("ready again", () -> scenario.count("Resumed[") >= 1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void lateAcknowledgementMakesNoZombieWhileEventsArrive() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.simulator().events().rate(200);
            scenario.faults().delayAcks(330);
            awaitHeartbeats(scenario, 6);
            scenario.assertNoFurtherConnection();
            scenario.assertNothingLost();
        }
    }

    @Test
    void acknowledgementBehindTwentyMegabytesMakesNoZombie() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .compression(Compression.NONE)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.faults().limitBytesPerSecond(20_000_000);
            scenario.simulator().events().emitRaw(0, "LARGE", TWENTY_MEGABYTES);
            long before = scenario.heartbeats();
            scenario.await("it arrives", () -> scenario.delivered("LARGE") == 1);
            assertTrue(scenario.heartbeats() >= before + 2, "its transfer lasted two intervals");
            scenario.assertNoFurtherConnection();
            scenario.assertNothingLost();
        }
    }

    @Test
    void requestedHeartbeatIsSentAtOnceInEveryState() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            for (int i = 0; i < 20; i++) {
                long before = scenario.heartbeats();
                scenario.faults().requestHeartbeat(_ -> true);
                scenario.await("its heartbeat", () -> scenario.heartbeats() > before);
            }
            scenario.assertNoFurtherConnection();
        }
    }

    @Test
    void requestDuringSendingOfHeartbeatIsAnswered() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            for (int i = 0; i < 20; i++) {
                long wanted = scenario.heartbeats() + 2;
                scenario.faults().requestHeartbeat(_ -> true);
                scenario.faults().requestHeartbeat(_ -> true);
                scenario.await("both heartbeats", () -> scenario.heartbeats() >= wanted);
            }
        }
    }

    @Test
    void manyHeartbeatRequestsStayWithinDiscordsLimit() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            for (int i = 0; i < 300; i++) {
                scenario.faults().requestHeartbeat(_ -> true);
            }
            scenario.simulator().events().emitRaw(0, "AFTER", new byte[] {'{', '}'});
            scenario.await("what comes after it", () -> scenario.delivered("AFTER") == 1);
            assertEquals(0, scenario.count("code=4008"), () -> "" + scenario.notices());
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void heartbeatCarriesLastSequenceAfterResume() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            awaitHeartbeats(scenario, 2);
            scenario.faults().close(_ -> true, 4000);
            scenario.awaitResumed(1);
            long sequence = scenario.gateway().snapshots().getFirst().receivedSequence();
            awaitHeartbeats(scenario, 2);
            ClientActionRecorder.Connection latest = scenario.recorder().connections().getLast();
            assertEquals(OptionalLong.of(sequence), latest.heartbeats().getLast());
        }
    }

    @Test
    void closesConnectionToServerThatNeverReadsAndKeepsSession() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .startReady()
                        .heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT)) {
            scenario.faults().stopReading(true);
            scenario.await(
                    "left",
                    () -> scenario.count("Disconnected[code=" + CloseReason.ZOMBIE.code()) > 0);
            scenario.faults().stopReading(false);
            scenario.await("resumed", () -> scenario.count("Resumed[") >= 1 && scenario.allReady());
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }
}
