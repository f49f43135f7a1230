package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** Sequences repeat or skip numbers, and a replay has thousands of events. */
final class SequenceScenarioTest {
    @Test
    void repeatedEventsKeepTheirMessageId() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.simulator().events().rate(500);
            scenario.await("events", () -> scenario.check().report().received() > 200);
            scenario.faults().replayAgain(100);
            scenario.faults().close(_ -> true, 4000);
            scenario.awaitResumed(1);
            var report = scenario.assertKept();
            assertTrue(report.repeated() <= 100, report::toString);
            assertEquals(report.dispatched(), report.distinct(), report::toString);
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void sequenceGapStopsNeitherShardNorResume() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().swallow(_ -> true, 5);
            for (int i = 0; i < 20; i++) {
                byte[] d = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                scenario.simulator().events().emitRaw(0, "NUMBERED", d);
            }
            scenario.await("the rest", () -> scenario.delivered("NUMBERED") == 15);
            scenario.faults().close(_ -> true, 4000);
            scenario.awaitResumed(1);
            assertEquals(5, scenario.check().report().lost());
            assertEquals(1, scenario.identifies());
            assertEquals(
                    scenario.recorder().resumes().getFirst().sequence(),
                    lastNumbered(scenario),
                    "resumed behind the gap");
        }
    }

    private static long lastNumbered(GatewayTestSetup scenario) {
        return scenario.delivered().stream()
                .filter(event -> event.type().equals("NUMBERED"))
                .flatMapToLong(event -> LongStream.of(event.sequence()))
                .max()
                .orElseThrow();
    }

    @Test
    void replayOfTenThousandEventsArrivesOnceAndInOrder() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().refuseConnections(true);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("away", () -> scenario.simulator().connectedShards() == 0);
            for (int i = 0; i < 10_000; i++) {
                byte[] d = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                scenario.simulator().events().emitRaw(0, "NUMBERED", d);
            }
            scenario.faults().refuseConnections(false);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            assertEquals(10_000, scenario.delivered("NUMBERED"));
            assertTrue(scenario.recorder().resumes().getLast().replayed() >= 10_000);
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void resumeWithUnknownSequenceIsFollowedByNewSession() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            byte[] ahead =
                    "{\"t\":\"AHEAD\",\"s\":1000000,\"op\":0,\"d\":{}}"
                            .getBytes(StandardCharsets.UTF_8);
            scenario.faults().sendRaw(_ -> true, ahead);
            scenario.await("it arrives", () -> scenario.delivered("AHEAD") == 1);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("refused", () -> scenario.count("Disconnected[code=4007") == 1);
            scenario.await("a new session", scenario::allReady);
            assertEquals(2, scenario.identifies());
        }
    }
}
