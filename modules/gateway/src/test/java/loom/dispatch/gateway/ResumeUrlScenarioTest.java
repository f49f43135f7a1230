package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.TestTimeouts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;

/** An unusable resume URL is replaced by the main URL, and the session continues. */
final class ResumeUrlScenarioTest {
    private static void assertResumedOnTheMainUrl(GatewayTestSetup scenario)
            throws InterruptedException {
        scenario.simulator().events().rate(200);
        scenario.faults().close(_ -> true, 4000);
        scenario.awaitResumed(1);
        assertFalse(scenario.recorder().connections().getLast().resumeUrl());
        scenario.assertNothingLost();
        scenario.assertNoFurtherIdentify();
    }

    @Test
    void refusingResumeUrlIsReplacedByMainUrl() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().refuseResumeUrl(true);
            assertResumedOnTheMainUrl(scenario);
        }
    }

    @Test
    void resumeUrlThatAnswers503IsReplacedByMainUrl() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().resumeUrlStatus(503);
            assertResumedOnTheMainUrl(scenario);
        }
    }

    @Test
    void silentResumeUrlIsReplacedByMainUrl() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().hangResumeUrl(true);
            assertResumedOnTheMainUrl(scenario);
        }
    }

    @Test
    void resumeUrlWithoutUpgradeAnswerIsReplacedByMainUrl() throws Exception {
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY)) {
            scenario.faults().resumeUrl("ws://127.0.0.1:" + mute.getLocalPort());
            scenario.startReady();
            assertResumedOnTheMainUrl(scenario);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://nowhere.invalid",
                "wss://127.0.0.1:1",
                "http://127.0.0.1:1",
                "nonsense",
                "ws:opaque",
                "//127.0.0.1",
                ":not a url",
                "ws://",
                "ws://127.0.0.1:99999"
            })
    void unusableResumeUrlIsReplacedByMainUrl(String url) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY)) {
            scenario.faults().resumeUrl(url);
            scenario.startReady();
            assertResumedOnTheMainUrl(scenario);
        }
    }

    @Test
    void resumeUrlNamesVersionEncodingAndCompression() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().close(_ -> true, 4000);
            scenario.awaitResumed(1);
            var connections = scenario.recorder().connections();
            assertEquals(connections.getFirst().query(), connections.getLast().query());
            assertTrue(connections.getLast().resumeUrl());
        }
    }

    @Test
    void outageOfBothUrlsEndsWithResume() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().refuseConnections(true);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("five tries", () -> scenario.count("Connecting[resuming=true") >= 5);
            scenario.faults().refuseConnections(false);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void connectionLostBeforeHelloIsResumedAgain() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY).startReady()) {
            scenario.faults().closeOnConnect(1006);
            scenario.faults().close(_ -> true, 4000);
            scenario.await("three tries", () -> scenario.count("Connected[]") >= 3);
            scenario.faults().closeOnConnect(0);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }
}
