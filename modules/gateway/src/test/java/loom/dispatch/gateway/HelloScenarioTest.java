package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.TestTimeouts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** HELLO is missing, late, repeated, or malformed. */
final class HelloScenarioTest {
    private static byte[] hello(String interval) {
        String d = "{\"heartbeat_interval\":" + interval + "}";
        return ("{\"t\":null,\"s\":null,\"op\":10,\"d\":" + d + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a setup whose simulator does not close a client that has received no HELLO. */
    private static GatewayTestSetup patient() {
        return GatewayTestSetup.of(GatewayTestSetup.discord(1).withMissedHeartbeatCode(-1))
                .timing(TestTimeouts.HASTY);
    }

    @Test
    void connectionWithoutHelloIsClosedAndRetried() throws Exception {
        try (var scenario = patient()) {
            scenario.faults().withholdHello(true);
            scenario.start();
            scenario.await(
                    "two connections are closed",
                    () -> scenario.closesWith(CloseReason.TIMED_OUT) >= 2);
            scenario.faults().withholdHello(false);
            scenario.await("ready", scenario::allReady);
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void lateHelloClosesConnectionAndKeepsSession() throws Exception {
        try (var scenario = patient().startReady()) {
            scenario.faults().delayHello(2 * TestTimeouts.HASTY.hello().toMillis());
            scenario.faults().close(_ -> true, 4000);
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.TIMED_OUT) >= 1);
            scenario.faults().delayHello(0);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void secondHelloCausesNoSecondResumeOrHeartbeat() throws Exception {
        try (var scenario = patient().startReady()) {
            scenario.faults().sendBeforeHello(hello("300"));
            scenario.heartbeatInterval(Duration.ofMillis(300));
            long before = System.nanoTime();
            long heartbeats = scenario.heartbeats();
            scenario.await("three heartbeats", () -> scenario.heartbeats() >= heartbeats + 3);
            assertTrue(System.nanoTime() - before >= Duration.ofMillis(550).toNanos());
            scenario.assertNoFurtherIdentify();
            assertEquals(1, scenario.resumes());
            scenario.assertNoFurtherConnection();
        }
    }

    @Test
    void secondHelloCausesNoSecondIdentify() throws Exception {
        try (var scenario = patient()) {
            scenario.faults().sendBeforeHello(hello("41250"));
            scenario.startReady();
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            scenario.assertNoFurtherConnection();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-5", "9223372036854775807", "41250"})
    void extremeHeartbeatIntervalNeitherSpinsNorStops(String interval) throws Exception {
        try (var scenario = patient().startReady()) {
            scenario.faults().withholdHello(true);
            scenario.faults().sendBeforeHello(hello(interval));
            scenario.faults().requestReconnect(_ -> true);
            scenario.simulator().events().rate(200);
            scenario.awaitResumed(1);
            long began = System.nanoTime();
            long heartbeats = scenario.heartbeats();
            long events = scenario.check().report().received();
            scenario.await("events", () -> scenario.check().report().received() > events + 100);
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
            long most = 2 + seconds * 1_000 / ShardTimeouts.LEAST_INTERVAL_MILLIS;
            long sent = scenario.heartbeats() - heartbeats;
            assertTrue(sent <= most, sent + " of " + most);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"soon\"", "99999999999999999999", "1.5", "[300]"})
    void malformedHelloClosesConnectionAndNextHelloIsUsed(String interval) throws Exception {
        try (var scenario = patient()) {
            scenario.faults().sendBeforeHello(hello(interval));
            scenario.faults().withholdHello(true);
            scenario.start();
            scenario.await(
                    "left",
                    () ->
                            scenario.closesWith(CloseReason.CORRUPTED)
                                            + scenario.closesWith(CloseReason.TIMED_OUT)
                                    >= 1);
            scenario.faults().sendBeforeHello();
            scenario.faults().withholdHello(false);
            scenario.await("ready", scenario::allReady);
        }
    }
}
