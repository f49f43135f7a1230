package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tests the faults between the upgrade and a running session. */
final class ReadyFaultTest {
    private final Simulator simulator =
            RunningSimulator.with(SimulatorConfig.standard().withIdentifyInterval(Duration.ZERO));
    private final String guild = simulator.world().guildIds().getFirst();

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private TestGatewayClient identified() throws InterruptedException {
        TestGatewayClient client = TestGatewayClient.plain(simulator);
        client.identify(simulator, 0, 1, IntentBits.ALL);
        return client;
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void helloHasTheConfiguredIntervalAndDelay() throws InterruptedException {
        simulator.faults().helloInterval(0);
        simulator.faults().delayHello(100);
        long before = System.nanoTime();
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            assertEquals(0, client.next(GatewayOpcode.HELLO).data().get("heartbeat_interval"));
            assertTrue(System.nanoTime() - before >= 100_000_000);
        }
    }

    @Test
    void readyListsTheConfiguredGuilds() throws InterruptedException {
        simulator.faults().readyGuilds(Faults.ReadyGuilds.TWICE);
        try (TestGatewayClient client = identified()) {
            assertEquals(4, Json.array(client.next("READY").data(), "guilds").size());
        }
        simulator.faults().readyGuilds(Faults.ReadyGuilds.NONE);
        try (TestGatewayClient client = identified()) {
            assertEquals(List.of(), Json.array(client.next("READY").data(), "guilds"));
            client.next("GUILD_CREATE");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AS_IT_IS, GUILD_CREATE, false",
        "OUTAGE, GUILD_DELETE, true",
        "LEFT, GUILD_DELETE,",
        "UNAVAILABLE, GUILD_CREATE, true"
    })
    void sendsTheConfiguredGuildEventAfterReady(
            Faults.GuildStart start, String type, Boolean unavailable) throws InterruptedException {
        simulator.faults().startGuilds(start);
        try (TestGatewayClient client = identified()) {
            client.next("READY");
            var next = client.next(GatewayOpcode.DISPATCH);
            assertEquals(type, next.type());
            assertEquals(guild, next.data().get("id"));
            assertEquals(unavailable, next.data().get("unavailable"));
        }
    }

    @Test
    void sendsEventsOfAGuildWithoutGuildCreate() throws InterruptedException {
        simulator.faults().startGuilds(Faults.GuildStart.MISSING);
        try (TestGatewayClient client = identified()) {
            client.next("READY");
            simulator.events().emit("CHANNEL_CREATE", guild);
            assertEquals("CHANNEL_CREATE", client.next(GatewayOpcode.DISPATCH).type());
        }
    }

    @Test
    void sendsGuildDeleteForAGuildInAnOutage() throws InterruptedException {
        try (TestGatewayClient client = identified()) {
            client.next("READY");
            while (simulator.world().guildIds().stream()
                    .noneMatch(simulator.world()::unavailable)) {
                simulator.events().emit("GUILD_CREATE");
                simulator.events().emit("GUILD_DELETE");
            }
        }
        try (TestGatewayClient client = identified()) {
            client.next("READY");
            assertEquals(true, client.next("GUILD_DELETE").data().get("unavailable"));
        }
    }

    @Test
    void answersIdentifyAndResumeWithTheConfiguredMessages() throws InterruptedException {
        simulator.faults().answerIdentifyWith(json("{\"op\":7,\"d\":null,\"s\":null,\"t\":null}"));
        try (TestGatewayClient client = identified()) {
            client.next(GatewayOpcode.RECONNECT);
        }
        simulator.faults().answerIdentifyWith();
        String session;
        try (TestGatewayClient client = identified()) {
            session = String.valueOf(client.next("READY").data().get("session_id"));
        }
        simulator.faults().answerResumeWith(json("{\"op\":9,\"d\":true,\"s\":null,\"t\":null}"));
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.resume(simulator, session, 1);
            assertEquals(true, client.next(GatewayOpcode.INVALID_SESSION).d());
            simulator.faults().answerResumeWith();
            client.resume(simulator, session, 1);
            client.next("RESUMED");
        }
    }

    @Test
    void resumeCanReplayEventsThatTheClientHas() throws InterruptedException {
        String session;
        try (TestGatewayClient client = identified()) {
            session = String.valueOf(client.next("READY").data().get("session_id"));
            client.next("GUILD_CREATE");
        }
        simulator.faults().replayAgain(1);
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.resume(simulator, session, 2);
            assertEquals(2, client.next(GatewayOpcode.DISPATCH).sequence());
            assertEquals(3, client.next(GatewayOpcode.DISPATCH).sequence());
        }
    }

    @Test
    void readyHasTheConfiguredResumeUrl() throws InterruptedException {
        simulator.faults().resumeUrl("ws://nowhere.invalid");
        try (TestGatewayClient client = identified()) {
            Map<String, Object> ready = client.next("READY").data();
            assertEquals("ws://nowhere.invalid", ready.get("resume_gateway_url"));
        }
    }

    @Test
    void readyHasTheConfiguredDelay() throws InterruptedException {
        simulator.faults().delayReady(150);
        try (TestGatewayClient client = identified()) {
            client.next(GatewayOpcode.HELLO);
            assertFalse(client.hears(GatewayOpcode.DISPATCH, Duration.ofMillis(75)));
            client.next("READY");
        }
    }
}
