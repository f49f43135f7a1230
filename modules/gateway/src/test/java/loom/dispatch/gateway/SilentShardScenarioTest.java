package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.backlog.SessionGapEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.TestTimeouts;
import loom.dispatch.gateway.shard.EventRateModel;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Discord acknowledges heartbeats and sends no events any more, over real sockets. */
final class SilentShardScenarioTest {
    private static final int FOR_EVER = Integer.MAX_VALUE;

    /** Scales ten minutes of the service to little more than a second. */
    private static final ShardTimeouts WATCHFUL =
            new ShardTimeouts(
                    TestTimeouts.CALM.place(),
                    TestTimeouts.CALM.connect(),
                    TestTimeouts.CALM.hello(),
                    TestTimeouts.CALM.ready(),
                    TestTimeouts.CALM.invalidLeast(),
                    TestTimeouts.CALM.invalidMost(),
                    TestTimeouts.CALM.spread(),
                    TestTimeouts.CALM.backOffFirst(),
                    TestTimeouts.CALM.backOffMost(),
                    TestTimeouts.CALM.idle(),
                    TestTimeouts.CALM.answer(),
                    Duration.ofMillis(20));

    private static GatewayTestSetup busy(int shards) throws InterruptedException {
        GatewayTestSetup scenario = GatewayTestSetup.of(shards).timing(WATCHFUL).startReady();
        scenario.simulator().events().rate(200 * shards);
        // as many ticks as the watchdog needs to judge, and the same number again
        scenario.awaitPassing(WATCHFUL.watch().multipliedBy(2 * EventRateModel.LEAST_PAST));
        return scenario;
    }

    @Test
    void silentShardIsResumedOnMainUrlWithoutLoss() throws Exception {
        try (var scenario = busy(3)) {
            scenario.faults().swallow(shard -> shard == 1, FOR_EVER);
            scenario.await("it is noticed", () -> scenario.count("1 Silent[") == 1);
            scenario.await("resumed", () -> scenario.count("1 Resumed[") == 1);
            assertEquals(1, scenario.count("resuming=true, onMainUrl=true"), "on the main URL");
            assertEquals(1, scenario.closesWith(CloseReason.SILENT));
            assertEquals(3, scenario.identifies());
            assertEquals(0, scenario.count("0 Silent[") + scenario.count("2 Silent["));
            scenario.assertNothingLost();
        }
    }

    @Test
    void shardThatStaysSilentGetsNewSessionAndGapEvent() throws Exception {
        try (var scenario = busy(3)) {
            scenario.faults().swallow(shard -> shard == 1, FOR_EVER);
            scenario.await("resumed", () -> scenario.count("1 Resumed[") == 1);
            scenario.faults().swallow(shard -> shard == 1, FOR_EVER);
            scenario.await("given up", () -> scenario.identifies() == 4);
            scenario.await("ready", scenario::allReady);
            scenario.await("the gap event", () -> scenario.delivered(SessionGapEvent.TYPE) == 1);
        }
    }

    @Test
    void noShardReconnectsWhenAllAreSilent() throws Exception {
        try (var scenario = busy(3)) {
            scenario.simulator().events().pause();
            scenario.awaitPassing(WATCHFUL.watch().multipliedBy(3 * EventRateModel.LEAST_SILENCE));
            assertEquals(0, scenario.count("Silent["));
            assertTrue(scenario.allReady());
        }
    }

    @Test
    void silentShardWithoutNeighboursIsResumedAndNeverIdentified() throws Exception {
        try (var scenario = busy(1)) {
            scenario.simulator().events().pause();
            scenario.await("resumed", () -> scenario.count("Silent[") == 1);
            scenario.await("and again", () -> scenario.count("Silent[") == 2);
            scenario.await("ready", scenario::allReady);
            assertEquals(1, scenario.identifies());
        }
    }
}
