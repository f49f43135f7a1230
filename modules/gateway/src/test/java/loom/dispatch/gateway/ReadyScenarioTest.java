package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.backlog.SessionGapEvent;
import loom.dispatch.gateway.machine.TestTimeouts;
import loom.dispatch.simulator.Faults.GuildStart;
import loom.dispatch.simulator.Faults.ReadyGuilds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** READY and the guilds after it, complete, late, missing or malformed. */
final class ReadyScenarioTest {
    private static final byte[] RESUMED =
            "{\"t\":\"RESUMED\",\"s\":9,\"op\":0,\"d\":{}}".getBytes(StandardCharsets.UTF_8);

    private static byte[] ready(String d) {
        return ("{\"t\":\"READY\",\"s\":1,\"op\":0,\"d\":" + d + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void missingReadyIsRetried() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY_FOR_READY)) {
            scenario.faults().withholdReady(true);
            scenario.start();
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.TIMED_OUT) >= 1);
            scenario.faults().withholdReady(false);
            scenario.await("ready", scenario::allReady);
            assertTrue(scenario.identifies() >= 2);
            scenario.assertNothingLost();
        }
    }

    @Test
    void waitsForLateReadyAndSendsHeartbeats() throws Exception {
        var simulated = GatewayTestSetup.discord(1).withHeartbeatInterval(Duration.ofSeconds(1));
        try (var scenario = GatewayTestSetup.of(simulated)) {
            scenario.faults().delayReady(3_000);
            scenario.startReady();
            assertTrue(scenario.heartbeats() >= 2, scenario.heartbeats() + " heartbeats");
            scenario.assertNoFurtherIdentify();
            scenario.assertNothingLost();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shardIsReadyWithAnyGuildListInReady(ReadyGuilds guilds) throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().readyGuilds(guilds);
            scenario.startReady();
            scenario.simulator().events().rate(200);
            scenario.await("events", () -> scenario.check().report().received() > 50);
            scenario.assertNothingLost();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shardIsReadyAndForwardsEventsForEveryGuildStart(GuildStart start) throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().startGuilds(start);
            scenario.startReady();
            scenario.simulator().events().emit("CHANNEL_CREATE");
            scenario.await("the event", () -> scenario.delivered("CHANNEL_CREATE") == 1);
            scenario.assertNothingLost();
        }
    }

    @Test
    void eventsOfDeletedGuildAreForwarded() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            var events = scenario.simulator().events();
            byte[] gone = "{\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8);
            events.emitRaw(0, "GUILD_DELETE", gone);
            events.emitRaw(0, "MESSAGE_CREATE", "{\"guild_id\":\"1\"}".getBytes());
            scenario.await("the event", () -> scenario.delivered("MESSAGE_CREATE") == 1);
            scenario.assertNothingLost();
        }
    }

    @Test
    void sessionWithMostGuildsIsReady() throws Exception {
        var simulated = GatewayTestSetup.discord(1).withGuildsPerShard(2_500);
        try (var scenario = GatewayTestSetup.of(simulated).startReady()) {
            scenario.await("all guilds", () -> scenario.delivered("GUILD_CREATE") == 2_500);
            scenario.assertNothingLost();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "{\"session_id\":null}", "{\"session_id\":\"\"}"})
    void readyWithoutSessionIdIsRetried(String d) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).timing(TestTimeouts.HASTY_FOR_READY)) {
            scenario.faults().answerIdentifyWith(ready(d));
            scenario.start();
            scenario.await("the connection is closed", () -> scenario.count("Disconnected[") >= 1);
            scenario.faults().answerIdentifyWith();
            scenario.await("ready", scenario::allReady);
            scenario.assertKept();
        }
    }

    @Test
    void sessionWithoutSettledEventsIsResumedFromStart() throws Exception {
        try (var scenario = GatewayTestSetup.of(2)) {
            scenario.holdConfirms();
            scenario.startReady();
            Map<Integer, Checkpoint> young = scenario.gateway().checkpoints();
            assertEquals(
                    List.of(0L, 0L), young.values().stream().map(Checkpoint::sequence).toList());
            scenario.gateway().drain(Duration.ZERO);
            scenario.simulator().events().rate(500);
            scenario.startFrom(young);
            scenario.confirmAll();
            scenario.awaitResumed(1);
            assertEquals(2, scenario.identifies());
            assertEquals(2, scenario.count("Ready["), "READY came again and began nothing");
            assertEquals(0, scenario.delivered(SessionGapEvent.TYPE));
            assertTrue(scenario.assertKept().repeated() >= 2, "both READY came again");
        }
    }

    @Test
    void resumeFromStartWithoutReadyEndsInNewSession() throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.holdConfirms();
            scenario.startReady();
            Map<Integer, Checkpoint> young = scenario.gateway().checkpoints();
            scenario.gateway().drain(Duration.ZERO);
            scenario.faults().answerResumeWith(RESUMED);
            scenario.startFrom(young);
            scenario.confirmAll();
            scenario.await("a new session", () -> scenario.identifies() == 2);
            scenario.await("ready", scenario::allReady);
            scenario.await("the gap event", () -> scenario.delivered(SessionGapEvent.TYPE) == 1);
        }
    }
}
