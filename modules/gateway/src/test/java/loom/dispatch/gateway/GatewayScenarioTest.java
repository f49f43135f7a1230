package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.protocol.GatewayUrl;
import loom.dispatch.simulator.ClientActionRecorder;

import org.junit.jupiter.api.Test;

import java.net.URI;

/**
 * Runs several shards over real sockets without faults and compares their events with the
 * simulator's ledger.
 */
final class GatewayScenarioTest {
    private static final int SHARDS = 3;

    private static void awaitEvents(GatewayTestSetup scenario, long more)
            throws InterruptedException {
        long wanted = scenario.check().report().received() + more;
        scenario.await(more + " events", () -> scenario.check().report().received() >= wanted);
    }

    @Test
    void everyEventArrivesOnceAndInOrder() throws Exception {
        try (var scenario = GatewayTestSetup.of(SHARDS).startReady()) {
            scenario.simulator().events().rate(3_000);
            awaitEvents(scenario, 3_000);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void lostConnectionIsResumedOnResumeUrlWithoutLoss() throws Exception {
        try (var scenario = GatewayTestSetup.of(SHARDS).startReady()) {
            scenario.simulator().events().rate(2_000);
            for (int round = 1; round <= 4; round++) {
                if (round % 2 == 0) {
                    scenario.faults().reset(_ -> true);
                } else {
                    scenario.faults().close(_ -> true, 4000);
                }
                scenario.awaitResumed(round);
            }
            assertEquals(
                    4 * SHARDS,
                    scenario.recorder().connections().stream()
                            .filter(ClientActionRecorder.Connection::resumeUrl)
                            .count());
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void fullBacklogStopsReadingAndLosesNeitherHeartbeatsNorEvents() throws Exception {
        try (var scenario = GatewayTestSetup.of(SHARDS).backlogBytes(200_000).startReady()) {
            scenario.heartbeatInterval(GatewayTestSetup.SHORT_HEARTBEAT);
            scenario.holdConfirms();
            scenario.simulator().events().rate(4_000);
            scenario.await(
                    "the shards withhold demand",
                    () ->
                            scenario.gateway().snapshots().stream()
                                    .allMatch(ShardSnapshot::withholding));
            long heartbeats = scenario.heartbeats();
            scenario.await(
                    "heartbeats go on", () -> scenario.heartbeats() > heartbeats + 6 * SHARDS);
            long held = scenario.gateway().backlogBytes();
            assertTrue(held < 200_000 + SHARDS * 2_000_000L, "bounded, but " + held);
            scenario.simulator().events().pause();
            scenario.confirmAll();
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void newProcessResumesFromDrainedCheckpointsWithoutLossOrRepeat() throws Exception {
        try (var scenario = GatewayTestSetup.of(SHARDS).startReady()) {
            scenario.simulator().events().rate(2_000);
            for (int restart = 0; restart < 3; restart++) {
                awaitEvents(scenario, 500);
                Gateway old = scenario.gateway();
                assertTrue(old.drain(GatewayTestSetup.PATIENCE));
                assertTrue(old.snapshots().stream().allMatch(at -> at.unsettledEvents() == 0));
                scenario.startFrom(old.checkpoints());
                scenario.await("all ready again", scenario::allReady);
            }
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            for (ClientActionRecorder.Connection connection : scenario.recorder().connections()) {
                assertTrue(connection.clientCloseCode() != 1000, "a drain keeps the session");
            }
        }
    }

    @Test
    void urlNamesVersionEncodingAndCompression() throws Exception {
        URI url = GatewayUrl.of(URI.create("wss://gateway.discord.gg"), Compression.NONE);
        assertEquals("wss://gateway.discord.gg/?v=10&encoding=json", url.toString());
        assertEquals(
                "ws://h:1/x?v=10&encoding=json&compress=zlib-stream",
                GatewayUrl.of(URI.create("ws://h:1/x"), Compression.ZLIB_STREAM).toString());
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            var first = scenario.recorder().connections().getFirst();
            assertTrue(first.query().contains("zlib-stream"), first.query());
        }
    }

    @Test
    void uncompressedEventsArriveAcrossResume() throws Exception {
        try (var scenario =
                GatewayTestSetup.of(SHARDS).compression(Compression.NONE).startReady()) {
            scenario.simulator().events().rate(500);
            awaitEvents(scenario, 300);
            scenario.faults().close(_ -> true, 4000);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            assertTrue(
                    scenario.recorder().connections().stream()
                            .noneMatch(open -> open.query().contains("compress")));
        }
    }
}
