package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Tests the rows of protocol section 10.1 that no other test class covers. */
final class ConformanceTest {
    private static final SimulatorConfig BRISK =
            SimulatorConfig.standard()
                    .withIdentifyInterval(Duration.ZERO)
                    .withAllowedIntents(IntentBits.ALL & ~IntentBits.PRIVILEGED);

    private static TestGatewayClient ready(Simulator simulator) throws InterruptedException {
        TestGatewayClient client = TestGatewayClient.plain(simulator);
        client.identify(simulator, 0, 1, IntentBits.GUILDS.bit());
        return client;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=10&encoding=json",
                "encoding=json&v=10",
                "compress=zlib-stream&v=9&encoding=json",
                "v=10",
                "unknown=1&v=10&encoding=json"
            })
    void acceptsQueryParametersInAnyOrder(String query) throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = new TestGatewayClient(simulator.gatewayUri(), query)) {
            client.next(GatewayOpcode.HELLO);
        }
    }

    @Test
    void acceptsIdentifyBeforeHelloWasRead() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK)) {
            simulator.faults().delayHello(300);
            try (TestGatewayClient client = ready(simulator)) {
                client.next("READY");
                client.next(GatewayOpcode.HELLO);
            }
        }
    }

    @Test
    void acknowledgesAHeartbeatBeforeIdentify() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.next(GatewayOpcode.HELLO);
            client.send(GatewayOpcode.HEARTBEAT, null);
            assertEquals(GatewayOpcode.HEARTBEAT_ACK, client.next().op());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 7, 9, 10, 11, 12, 99, -1})
    void anOpcodeThatIsTheServersOrNobodysIsClosedWith4001(int op) throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = ready(simulator)) {
            client.next("READY");
            client.send(op, null);
            assertEquals(4001, client.closeCode());
        }
    }

    @Test
    void aResumeOfWhoHasASessionIsClosedWith4005() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = ready(simulator)) {
            String id = Json.text(client.next("READY").data(), "session_id");
            client.resume(simulator, id, 1);
            assertEquals(4005, client.closeCode());
        }
    }

    @Test
    void aShardCountThatALargeBotMayNotHaveIsClosedWith4010() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK.withShardMultiple(16));
                TestGatewayClient client = TestGatewayClient.plain(simulator);
                TestGatewayClient right = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 24, 1);
            assertEquals(4010, client.closeCode());
            right.identify(simulator, 0, 32, 1);
            right.next("READY");
        }
    }

    @Test
    void moreThan2500GuildsInASessionAreClosedWith4011() throws Exception {
        GuildShape tiny = new GuildShape(2_501, 2, 2, 2, 0, 0, 0, 0);
        try (Simulator simulator = Simulator.start(BRISK.withGuilds(tiny));
                TestGatewayClient client = TestGatewayClient.plain(simulator);
                TestGatewayClient half = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, 1);
            assertEquals(4011, client.closeCode());
            half.identify(simulator, 0, 2, 1);
            half.next("READY");
        }
    }

    /** The order of checks: token, unknown intents, disallowed intents, shard. */
    @ParameterizedTest
    @CsvSource({
        "4004, wrong, 131072, 9",
        "4013, right, 131330, 9",
        "4014, right, 258, 9",
        "4010, right, 1, 9"
    })
    void closesAnInvalidIdentifyWithTheCodeOfItsFirstError(
            int code, String token, int intents, int shard) throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.send(
                    GatewayOpcode.IDENTIFY,
                    Json.of(
                            "token",
                            token.equals("right") ? simulator.config().token() : "x.y.z",
                            "intents",
                            intents,
                            "shard",
                            List.of(shard, 1)));
            assertEquals(code, client.closeCode());
        }
    }

    @Test
    void sequencesCountEveryDispatchFrom1AndNothingElse() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = ready(simulator)) {
            assertEquals(0, client.next(GatewayOpcode.HELLO).sequence());
            assertEquals(1, client.next("READY").sequence());
            client.send(GatewayOpcode.HEARTBEAT, 1);
            simulator.events().emit("CHANNEL_CREATE");
            simulator.events().emit("CHANNEL_CREATE");
            int last = 1;
            boolean acknowledged = false;
            while (last < 5 || !acknowledged) {
                TestGatewayClient.Received next = client.next();
                if (next.op() == GatewayOpcode.DISPATCH) {
                    assertEquals(++last, next.sequence());
                } else {
                    assertEquals(0, next.sequence());
                    acknowledged |= next.op() == GatewayOpcode.HEARTBEAT_ACK;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, false", "1001, false", "4000, true", "4999, true", "3000, true"})
    void clientCloseCodeDecidesWhetherTheSessionSurvives(int code, boolean goesOn)
            throws Exception {
        try (Simulator simulator = Simulator.start(BRISK)) {
            String id;
            try (TestGatewayClient client = ready(simulator)) {
                id = Json.text(client.next("READY").data(), "session_id");
                client.close(code);
                client.closeCode();
            }
            try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
                client.resume(simulator, id, 1);
                if (goesOn) {
                    client.next("RESUMED");
                } else {
                    client.next(GatewayOpcode.INVALID_SESSION);
                    client.identify(simulator, 0, 1, 1);
                    client.next("READY");
                }
            }
        }
    }

    @Test
    void limitsMemberRequestsToAHundredIdsAndAHundredPerPrefix() throws Exception {
        var large = GuildShape.small().members(500);
        try (Simulator simulator = Simulator.start(BRISK.withGuilds(large));
                TestGatewayClient client = ready(simulator)) {
            client.next("READY");
            String guild = simulator.world().guildIds().getFirst();
            List<String> ids =
                    IntStream.range(0, 150).mapToObj(i -> "1000000000000000" + (100 + i)).toList();
            client.send(
                    GatewayOpcode.REQUEST_GUILD_MEMBERS,
                    Json.of("guild_id", guild, "user_ids", ids, "nonce", "n".repeat(33)));
            Map<String, Object> byIds = client.next("GUILD_MEMBERS_CHUNK").data();
            assertEquals(100, Json.array(byIds, "not_found").size());
            assertTrue(!byIds.containsKey("nonce"), "a nonce of more than 32 bytes is left out");
            client.send(
                    GatewayOpcode.REQUEST_GUILD_MEMBERS,
                    Json.of("guild_id", guild, "query", "", "limit", 400));
            Map<String, Object> byPrefix = client.next("GUILD_MEMBERS_CHUNK").data();
            assertEquals(100, Json.array(byPrefix, "members").size());
        }
    }

    /** RFC 6455 section 5.4. */
    @Test
    void acceptsAPingBetweenFragments() throws Exception {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.next(GatewayOpcode.HELLO);
            client.sendInPieces("{\"op\":1,", "\"d\":null}");
            client.next(GatewayOpcode.HEARTBEAT_ACK);
        }
    }

    @Test
    void deliversUnknownEventsAndOpcodes() throws IOException, InterruptedException {
        try (Simulator simulator = Simulator.start(BRISK);
                TestGatewayClient client = ready(simulator)) {
            assertTrue(client.next("READY").data().containsKey("_trace"));
            simulator.events().emitRaw(0, "NEVER_HEARD_OF", "{}".getBytes());
            client.next("NEVER_HEARD_OF");
            byte[] unknown = "{\"t\":null,\"s\":null,\"op\":77,\"d\":null}".getBytes();
            simulator.faults().sendRaw(_ -> true, unknown);
            client.next(77);
        }
    }
}
