package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.TestTimeouts;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** RabbitMQ accepts nothing until the connection to Discord, or the session, has ended. */
final class FullBacklogScenarioTest {
    private static final long BACKLOG_BYTES = 100_000;

    private static GatewayTestSetup full(SimulatorConfig simulated) throws InterruptedException {
        return full(GatewayTestSetup.of(simulated));
    }

    private static GatewayTestSetup full(GatewayTestSetup scenario) throws InterruptedException {
        scenario.backlogBytes(BACKLOG_BYTES).startReady();
        scenario.holdConfirms();
        scenario.simulator().events().rate(1_000);
        scenario.await(
                "demand is withheld",
                () -> scenario.gateway().snapshots().getFirst().withholding());
        return scenario;
    }

    private static void endByDiscord(GatewayTestSetup scenario) throws InterruptedException {
        scenario.faults().close(_ -> true, 4000);
        scenario.await("left", () -> scenario.count("Disconnected[code=4000") == 1);
    }

    @Test
    void reconnectsAfterBacklogHasRoomAndLosesNothing() throws Exception {
        try (var scenario = full(GatewayTestSetup.discord(1))) {
            endByDiscord(scenario);
            long seen = scenario.delivered().size();
            scenario.awaitPassing(Duration.ofSeconds(1));
            assertEquals(1, scenario.recorder().connections().size(), "of no use without room");
            assertEquals(seen, scenario.delivered().size());
            scenario.confirmAll();
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void detectsLostConnectionOnceBacklogHasRoom() throws Exception {
        ShardTimeouts watchful =
                TestTimeouts.withProbe(Duration.ofMillis(300), Duration.ofSeconds(2));
        // shorter than the regular heartbeats need to detect it
        Duration patience = Duration.ofSeconds(20);
        try (var scenario = full(GatewayTestSetup.of(1).timing(watchful).patience(patience))) {
            scenario.faults().cut(_ -> true);
            scenario.awaitPassing(watchful.idle().plus(watchful.answer()).multipliedBy(2));
            scenario.confirmAll();
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void reportsGapBeforeNextSessionWhenOutageOutlastsSession() throws Exception {
        var simulated = GatewayTestSetup.discord(1).withSessionLifetime(Duration.ofMillis(300));
        try (var scenario = full(simulated)) {
            endByDiscord(scenario);
            scenario.awaitPassing(Duration.ofSeconds(1));
            scenario.confirmAll();
            scenario.await("a new session", () -> scenario.delivered("READY") == 2);
            var types = scenario.delivered().stream().map(DispatchEvent::type).toList();
            assertEquals("DISPATCH_GAP", types.get(types.lastIndexOf("READY") - 1));
            assertTrue(scenario.identifies() == 2, () -> "identifies, " + scenario.notices());
        }
    }
}
