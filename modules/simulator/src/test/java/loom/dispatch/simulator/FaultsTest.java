package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Tests the effect and the target shards of each fault. */
final class FaultsTest {
    private final Simulator simulator =
            RunningSimulator.with(
                    SimulatorConfig.standard()
                            .withShards(2)
                            .withIdentifyInterval(Duration.ZERO)
                            .withHeartbeatInterval(Duration.ofMillis(200)));

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private TestGatewayClient ready(int shard) throws InterruptedException {
        TestGatewayClient client = TestGatewayClient.plain(simulator);
        client.identify(simulator, shard, 2, IntentBits.ALL);
        client.next("READY");
        return client;
    }

    @Test
    void affectsOnlyTheNamedShards() throws InterruptedException {
        try (TestGatewayClient zero = ready(0);
                TestGatewayClient one = ready(1)) {
            simulator.faults().requestReconnect(shard -> shard == 1);
            simulator.faults().requestHeartbeat(shard -> shard == 0);
            one.next(GatewayOpcode.RECONNECT);
            zero.next(GatewayOpcode.HEARTBEAT);
            simulator.faults().reset(shard -> shard == 1);
            assertEquals(1006, one.closeCode());
            simulator.faults().close(shard -> shard == 0, 4999);
            assertEquals(4999, zero.closeCode());
        }
    }

    @Test
    void onlyANonResumableInvalidationEndsTheSession() throws InterruptedException {
        try (TestGatewayClient client = ready(0)) {
            String id = simulator.ledger().sessions().getFirst().id();
            simulator.faults().invalidate(shard -> true, true);
            assertEquals(true, client.next(GatewayOpcode.INVALID_SESSION).d());
            client.resume(simulator, id, 1);
            client.next("RESUMED");
            simulator.faults().invalidate(shard -> true, false);
            assertEquals(false, client.next(GatewayOpcode.INVALID_SESSION).d());
            client.resume(simulator, id, 1);
            assertEquals(false, client.next(GatewayOpcode.INVALID_SESSION).d());
        }
        assertTrue(simulator.ledger().sessions().getFirst().ended());
    }

    @Test
    void closesAClientThatMissesItsHeartbeatsButKeepsItsSession() throws InterruptedException {
        try (TestGatewayClient client = ready(0)) {
            assertEquals(4009, client.closeCode());
        }
        assertFalse(simulator.ledger().sessions().getFirst().ended());
        assertTrue(simulator.recorder().longestHeartbeatGap() > 1.5);
    }

    @Test
    void leavesHeartbeatsUnanswered() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.next(GatewayOpcode.HELLO);
            simulator.faults().acknowledge(false);
            client.send(GatewayOpcode.HEARTBEAT, null);
            Eventually.await(
                    "one heartbeat received",
                    () -> simulator.recorder().count(GatewayOpcode.HEARTBEAT) == 1);
            simulator.faults().acknowledge(true);
            client.send(GatewayOpcode.HEARTBEAT, 5);
            client.next(GatewayOpcode.HEARTBEAT_ACK);
            simulator.faults().sendRaw(shard -> true, new byte[0]);
            assertEquals(4009, client.closeCode());
        }
    }

    @Test
    void refusesOnlyTheResumeUrl() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 2, IntentBits.ALL);
            URI url = URI.create(Json.text(client.next("READY").data(), "resume_gateway_url"));
            simulator.faults().refuseResumeUrl(true);
            assertThrows(CompletionException.class, () -> new TestGatewayClient(url, "v=10"));
            TestGatewayClient.plain(simulator).close();
            simulator.faults().refuseResumeUrl(false);
            new TestGatewayClient(url, "v=10").close();
        }
    }

    @Test
    void fragmentsMessagesAndSendsRawOnes() throws InterruptedException {
        simulator.faults().fragmentMessages(7);
        try (TestGatewayClient client = ready(0)) {
            client.next("GUILD_CREATE");
            byte[] foreign =
                    "{\"t\":null,\"s\":null,\"op\":77,\"d\":[]}".getBytes(StandardCharsets.UTF_8);
            simulator.faults().sendFrame(shard -> true, false, foreign);
            assertEquals(List.of(), client.next(77).d());
        }
    }

    @Test
    void failsHelloIdentifyAndResume() throws InterruptedException {
        Faults faults = simulator.faults();
        faults.sendBeforeHello(
                "{\"t\":null,\"s\":null,\"op\":7,\"d\":null}".getBytes(StandardCharsets.UTF_8));
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            assertEquals(GatewayOpcode.RECONNECT, client.next().op());
            assertEquals(GatewayOpcode.HELLO, client.next().op());
            faults.refuseIdentify(true);
            client.identify(simulator, 0, 2, 1);
            assertEquals(false, client.next(GatewayOpcode.INVALID_SESSION).d());
            faults.refuseIdentify(false);
            faults.closeOnIdentify(4014);
            client.identify(simulator, 0, 2, 1);
            assertEquals(4014, client.closeCode());
        }
        assertEquals(0, simulator.recorder().identifies().size());
        faults.closeOnResume(4007);
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.resume(simulator, "x", 1);
            assertEquals(4007, client.closeCode());
        }
    }

    @Test
    void aFrozenConnectionStaysOpenAndSendsNothing() throws InterruptedException {
        try (TestGatewayClient client = ready(0)) {
            simulator.faults().freeze(shard -> true);
            client.send(GatewayOpcode.HEARTBEAT, 1);
            Eventually.await(
                    "one heartbeat received",
                    () -> simulator.recorder().count(GatewayOpcode.HEARTBEAT) == 1);
            assertEquals(1, simulator.connectedShards());
            assertFalse(client.hears(GatewayOpcode.HEARTBEAT_ACK, Duration.ofSeconds(1)));
        }
    }

    @Test
    void theSameSeedGivesTheSameFaults() {
        List<String> first = faults(42);
        assertEquals(first, faults(42));
        assertFalse(first.equals(faults(43)));
    }

    private List<String> faults(long seed) {
        try (RandomFaults schedule =
                RandomFaults.start(
                        simulator, RandomFaults.Kind.EVERYTHING, seed, Duration.ofMillis(1))) {
            Eventually.await("20 faults done", () -> schedule.done().size() >= 20);
            return schedule.done().subList(0, 20);
        }
    }
}
