package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.limits.ConnectLimiter;
import loom.dispatch.gateway.machine.TestTimeouts;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A fleet that must connect all at once goes through the gate, and nobody stays before it. */
final class MassReconnectScenarioTest {
    /** So long that a machine without a gate would have them all on the way together. */
    private static final Duration HELLO_AFTER = Duration.ofMillis(150);

    private static GatewayTestSetup scenario(int shards, Duration place) {
        // the queue of IDENTIFYs has tests of its own
        return GatewayTestSetup.of(GatewayTestSetup.discord(shards).withMaxConcurrency(shards))
                .timing(TestTimeouts.withPlace(place))
                .patience(Duration.ofSeconds(60));
    }

    @Test
    void aFleetThatIsToldToReconnectOpensFewConnectionsAtATimeAndLosesNothing() throws Exception {
        // no attempt's time for its place is over, however busy the machine
        try (var scenario = scenario(200, Duration.ofHours(1))) {
            scenario.faults().delayHello(HELLO_AFTER.toMillis());
            scenario.startReady();
            scenario.simulator().events().rate(1_000);
            scenario.faults().requestReconnect(_ -> true);
            scenario.awaitResumed(1);
            int most = scenario.simulator().mostHandshakesAtOnce();
            assertTrue(most <= ConnectLimiter.PLACES, () -> most + " connections at once");
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            assertEquals(0, scenario.goodbyes(CloseReason.TIMED_OUT));
        }
    }

    @Test
    void connectionsThatSayNothingHoldUpNobodyForLong() throws Exception {
        try (var scenario = scenario(100, Duration.ofMillis(200))) {
            scenario.startReady();
            scenario.faults().hangResumeUrl(true);
            scenario.faults().requestReconnect(_ -> true);
            // the places that they take are never given back before their deadline of 20 s
            scenario.await(
                    "all try",
                    () -> scenario.count("Connecting[resuming=true") >= scenario.shards());
            assertEquals(
                    0, scenario.goodbyes(CloseReason.TIMED_OUT), "before the first has given up");
        }
    }

    @Test
    void whoWaitsForItsTurnDoesNotHangAndHoldsUpNoDrain() throws Exception {
        try (var scenario = scenario(100, Duration.ofHours(1))) {
            scenario.faults().withholdHello(true);
            scenario.start();
            scenario.await(
                    "all places are taken",
                    () -> scenario.count("Connected[]") >= ConnectLimiter.PLACES);
            Duration beyond = Duration.ofSeconds(1);
            scenario.awaitPassing(beyond.multipliedBy(2));
            assertEquals(ConnectLimiter.PLACES, scenario.count("Connected[]"));
            assertEquals(List.of(), scenario.gateway().hanging(beyond));
            assertTrue(scenario.gateway().snapshots().stream().allMatch(this::isHandshaking));
            assertTrue(scenario.gateway().drain(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whoWillIdentifyConnectsNoFasterThanItMayAndHoldsUpNoResume() throws Exception {
        int resuming = 10;
        var simulated = GatewayTestSetup.discord(30).withMaxConcurrency(2);
        try (var scenario =
                GatewayTestSetup.of(simulated)
                        .timing(TestTimeouts.withPlace(Duration.ofHours(1)))) {
            scenario.startReady();
            Map<Integer, Checkpoint> kept = new HashMap<>(scenario.gateway().checkpoints());
            kept.keySet().removeIf(shard -> shard >= resuming);
            assertTrue(scenario.gateway().drain(GatewayTestSetup.PATIENCE));
            long before = scenario.count("Connected[]");
            scenario.faults().withholdHello(true);
            scenario.startFrom(kept);
            scenario.await(
                    "all that may connect do",
                    () -> scenario.count("Connected[]") >= before + resuming + 2);
            scenario.awaitPassing(Duration.ofSeconds(1));
            assertEquals(before + resuming + 2, scenario.count("Connected[]"));
        }
    }

    private boolean isHandshaking(ShardSnapshot shard) {
        return shard.status() == ShardSnapshot.Status.HANDSHAKING;
    }
}
