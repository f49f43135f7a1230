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

/**
 * All shards must reconnect at the same time. They pass through the connect limiter, and none is
 * left behind.
 */
final class MassReconnectScenarioTest {
    /** Long enough that without the limiter all shards would connect at the same time. */
    private static final Duration HELLO_AFTER = Duration.ofMillis(150);

    private static GatewayTestSetup scenario(int shards, Duration place) {
        // other tests cover the IDENTIFY queue
        return GatewayTestSetup.of(GatewayTestSetup.discord(shards).withMaxConcurrency(shards))
                .timing(TestTimeouts.withPlace(place))
                .patience(Duration.ofSeconds(60));
    }

    @Test
    void massReconnectOpensFewConnectionsAtATimeAndLosesNothing() throws Exception {
        // no attempt lapses, however busy the machine is
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
            assertEquals(0, scenario.closesWith(CloseReason.TIMED_OUT));
        }
    }

    @Test
    void silentConnectionsDelayOthersOnlyBriefly() throws Exception {
        try (var scenario = scenario(100, Duration.ofMillis(200))) {
            scenario.startReady();
            scenario.faults().hangResumeUrl(true);
            scenario.faults().requestReconnect(_ -> true);
            // these attempts never return their places before their deadline of 20 s
            scenario.await(
                    "all try",
                    () -> scenario.count("Connecting[resuming=true") >= scenario.shards());
            assertEquals(
                    0, scenario.closesWith(CloseReason.TIMED_OUT), "before the first has given up");
        }
    }

    @Test
    void queuedShardDoesNotHangAndDelaysNoDrain() throws Exception {
        try (var scenario = scenario(100, Duration.ofHours(1))) {
            scenario.faults().withholdHello(true);
            scenario.start();
            scenario.await(
                    "all places are taken",
                    () -> scenario.count("Connected[]") >= ConnectLimiter.PLACES);
            Duration beyond = Duration.ofSeconds(1);
            scenario.awaitPassing(beyond.multipliedBy(2));
            assertEquals(ConnectLimiter.PLACES, scenario.count("Connected[]"));
            assertEquals(List.of(), scenario.threads().overdue(beyond));
            assertTrue(scenario.gateway().snapshots().stream().allMatch(this::isHandshaking));
            assertTrue(scenario.gateway().drain(Duration.ofSeconds(10)));
        }
    }

    @Test
    void identifyingShardsConnectAtIdentifyRateAndDelayNoResume() throws Exception {
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
