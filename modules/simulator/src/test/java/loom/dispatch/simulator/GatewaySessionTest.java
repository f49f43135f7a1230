package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tests sessions across connections: READY, RESUME, replay and compression. */
final class GatewaySessionTest {
    private final Simulator simulator =
            RunningSimulator.with(
                    SimulatorConfig.standard()
                            .withShards(2)
                            .withIdentifyInterval(Duration.ZERO)
                            .withReplayEvents(500));

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private TestGatewayClient ready(int shard, int count) throws InterruptedException {
        TestGatewayClient client = TestGatewayClient.plain(simulator);
        client.next(GatewayOpcode.HELLO);
        client.identify(simulator, shard, count, IntentBits.ALL);
        return client;
    }

    @Test
    void sendsReadyAndEveryGuildOfTheShard() throws InterruptedException {
        try (TestGatewayClient client = ready(1, 2)) {
            TestGatewayClient.Received ready = client.next("READY");
            assertEquals(1, ready.sequence());
            List<Object> guilds = Json.array(ready.data(), "guilds");
            assertEquals(2, guilds.size());
            for (int i = 0; i < 2; i++) {
                TestGatewayClient.Received create = client.next("GUILD_CREATE");
                assertEquals(2 + i, create.sequence());
                String id = Json.text(create.data(), "id");
                assertEquals(1, IdentifyRequest.shardOf(id, 2));
                assertEquals(id, Json.typed((Map<?, ?>) guilds.get(i)).get("id"));
            }
        }
    }

    @Test
    void replaysMissedEventsThenSendsResumedThenLiveEvents() throws InterruptedException {
        String sessionId;
        URI resumeUrl;
        int seen;
        try (TestGatewayClient client = ready(0, 2)) {
            Map<String, Object> ready = client.next("READY").data();
            sessionId = Json.text(ready, "session_id");
            resumeUrl = URI.create(Json.text(ready, "resume_gateway_url"));
            // After a stall the generator makes up for half a second of events; the session keeps
            // 500.
            simulator.events().only("TYPING_START").rate(300).start();
            seen = client.next("TYPING_START").sequence();
            client.close(4000);
            assertEquals(4000, client.closeCode());
        }
        int atClose = simulator.ledger().sessions().getFirst().dispatched();
        Eventually.await(
                "100 events dispatched after the close",
                () -> simulator.ledger().dispatched() > atClose + 100);
        simulator.events().pause();
        try (TestGatewayClient client = new TestGatewayClient(resumeUrl, "encoding=json&v=10")) {
            client.next(GatewayOpcode.HELLO);
            client.resume(simulator, sessionId, seen);
            int sequence = seen;
            TestGatewayClient.Received event = client.next(GatewayOpcode.DISPATCH);
            while (!event.type().equals("RESUMED")) {
                assertEquals(++sequence, event.sequence());
                event = client.next(GatewayOpcode.DISPATCH);
            }
            assertTrue(sequence >= atClose + 100);
            assertEquals(sequence + 1, event.sequence());
            simulator.events().emit("TYPING_START");
            assertEquals(sequence + 2, client.next("TYPING_START").sequence());
        }
        assertEquals(1, simulator.recorder().identifies().size());
        ClientActionRecorder.Resume resume = simulator.recorder().resumes().getFirst();
        assertTrue(resume.accepted());
        assertEquals(seen, resume.sequence());
    }

    @Test
    void rejectsResumeOfDroppedEvents() throws InterruptedException {
        String sessionId;
        try (TestGatewayClient client = ready(0, 1)) {
            sessionId = Json.text(client.next("READY").data(), "session_id");
        }
        simulator.events().rate(20_000).start();
        Eventually.await("1,500 events dispatched", () -> simulator.ledger().dispatched() > 1_500);
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.next(GatewayOpcode.HELLO);
            client.resume(simulator, sessionId, 1);
            assertEquals(false, client.next(GatewayOpcode.INVALID_SESSION).d());
            client.identify(simulator, 0, 1, IntentBits.ALL);
            assertEquals(1, client.next("READY").sequence());
        }
    }

    @Test
    void endsWithACloseCodeOf1000() throws InterruptedException {
        String sessionId;
        try (TestGatewayClient client = ready(0, 1)) {
            sessionId = Json.text(client.next("READY").data(), "session_id");
            client.close(1000);
            client.closeCode();
        }
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.resume(simulator, sessionId, 1);
            client.next(GatewayOpcode.HELLO);
            assertEquals(false, client.next(GatewayOpcode.INVALID_SESSION).d());
        }
        assertTrue(simulator.ledger().sessions().getFirst().ended());
    }

    @Test
    void closesASequenceThatWasNeverSentWith4007() throws InterruptedException {
        try (TestGatewayClient client = ready(0, 1);
                TestGatewayClient second = TestGatewayClient.plain(simulator)) {
            String sessionId = Json.text(client.next("READY").data(), "session_id");
            second.resume(simulator, sessionId, 1_000_000);
            assertEquals(4007, second.closeCode());
        }
    }

    @Test
    void newestConnectionTakesOverTheSession() throws InterruptedException {
        try (TestGatewayClient client = ready(0, 1);
                TestGatewayClient second = TestGatewayClient.plain(simulator)) {
            String sessionId = Json.text(client.next("READY").data(), "session_id");
            second.resume(simulator, sessionId, 1);
            second.next("RESUMED");
            assertEquals(4000, client.closeCode());
            simulator.events().emit("TYPING_START");
            second.next("TYPING_START");
        }
    }

    @Test
    void compressesAsOneZlibStreamEvenWhenSplit() throws InterruptedException {
        for (int split : new int[] {0, 1, 3, 1_000}) {
            simulator.faults().splitMessages(split);
            try (TestGatewayClient client =
                    new TestGatewayClient(
                            simulator.gatewayUri(), "compress=zlib-stream&v=10&encoding=json")) {
                client.next(GatewayOpcode.HELLO);
                client.identify(simulator, 0, 1, IntentBits.ALL);
                client.next("GUILD_CREATE");
                simulator.events().emit("MESSAGE_CREATE");
                assertEquals(0, client.next("MESSAGE_CREATE").data().get("type"));
            }
        }
    }

    @Test
    void compressesAsOneZstdStream() throws InterruptedException {
        try (TestGatewayClient client =
                new TestGatewayClient(
                        simulator.gatewayUri(), "v=10&compress=zstd-stream&encoding=json")) {
            client.next(GatewayOpcode.HELLO);
            client.identify(simulator, 0, 1, IntentBits.ALL);
            client.next("GUILD_CREATE");
            for (int i = 0; i < 100; i++) {
                simulator.events().emit("MESSAGE_CREATE");
                assertEquals(0, client.next("MESSAGE_CREATE").data().get("type"));
            }
        }
    }

    @Test
    void compressesEachPayloadSeparatelyWhenIdentifyRequestsIt() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.send(
                    GatewayOpcode.IDENTIFY,
                    Json.of(
                            "token",
                            simulator.config().token(),
                            "intents",
                            IntentBits.ALL,
                            "compress",
                            true));
            client.next("GUILD_CREATE");
            simulator.events().emit("MESSAGE_CREATE");
            client.next("MESSAGE_CREATE");
        }
    }

    @Test
    void acceptsClientMessagesInBinaryFrames() throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.next(GatewayOpcode.HELLO);
            client.sendBinary("{\"op\":1,\"d\":null}".getBytes(StandardCharsets.UTF_8));
            client.next(GatewayOpcode.HEARTBEAT_ACK);
        }
        ClientActionRecorder.Connection record = simulator.recorder().connections().getFirst();
        assertEquals(1, record.heartbeats().size());
        assertFalse(record.heartbeats().getFirst().isPresent());
    }
}
