package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a session promises over its connections. */
final class SessionTest {
    private final Simulator simulator =
            Running.with(
                    SimulatorConfig.standard()
                            .withShards(2)
                            .withIdentifyInterval(Duration.ZERO)
                            .withReplayEvents(500));

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private TestShard ready(int shard, int count) throws InterruptedException {
        TestShard client = TestShard.plain(simulator);
        client.next(Opcode.HELLO);
        client.identify(simulator, shard, count, Intent.ALL);
        return client;
    }

    @Test
    void greetsWithReadyAndEveryGuildOfTheShard() throws InterruptedException {
        try (TestShard client = ready(1, 2)) {
            TestShard.Received ready = client.next("READY");
            assertEquals(1, ready.sequence());
            List<Object> guilds = Json.array(ready.data(), "guilds");
            assertEquals(2, guilds.size());
            for (int i = 0; i < 2; i++) {
                TestShard.Received create = client.next("GUILD_CREATE");
                assertEquals(2 + i, create.sequence());
                String id = Json.text(create.data(), "id");
                assertEquals(1, Identity.shardOf(id, 2));
                assertEquals(id, Json.typed((Map<?, ?>) guilds.get(i)).get("id"));
            }
        }
    }

    @Test
    void replaysMissedEventsWithTheirSequencesThenResumedThenGoesOn() throws InterruptedException {
        String sessionId;
        URI resumeUrl;
        int seen;
        try (TestShard client = ready(0, 2)) {
            Map<String, Object> ready = client.next("READY").data();
            sessionId = Json.text(ready, "session_id");
            resumeUrl = URI.create(Json.text(ready, "resume_gateway_url"));
            // a stall is made up for by half a second's events, and the session keeps 500
            simulator.events().only("TYPING_START").rate(300).start();
            seen = client.next("TYPING_START").sequence();
            client.close(4000);
            assertEquals(4000, client.closeCode());
        }
        int atClose = simulator.ledger().sessions().getFirst().dispatched();
        Poll.until(() -> simulator.ledger().dispatched() > atClose + 100);
        simulator.events().pause();
        try (TestShard client = new TestShard(resumeUrl, "encoding=json&v=10")) {
            client.next(Opcode.HELLO);
            client.resume(simulator, sessionId, seen);
            int sequence = seen;
            TestShard.Received event = client.next(Opcode.DISPATCH);
            while (!event.type().equals("RESUMED")) {
                assertEquals(++sequence, event.sequence());
                event = client.next(Opcode.DISPATCH);
            }
            assertTrue(sequence >= atClose + 100);
            assertEquals(sequence + 1, event.sequence());
            simulator.events().emit("TYPING_START");
            assertEquals(sequence + 2, client.next("TYPING_START").sequence());
        }
        assertEquals(1, simulator.recorder().identifies().size());
        Recorder.Resume resume = simulator.recorder().resumes().getFirst();
        assertTrue(resume.accepted());
        assertEquals(seen, resume.sequence());
    }

    @Test
    void refusesToResumeWhatOverflowed() throws InterruptedException {
        String sessionId;
        try (TestShard client = ready(0, 1)) {
            sessionId = Json.text(client.next("READY").data(), "session_id");
        }
        simulator.events().rate(20_000).start();
        Poll.until(() -> simulator.ledger().dispatched() > 1_500);
        try (TestShard client = TestShard.plain(simulator)) {
            client.next(Opcode.HELLO);
            client.resume(simulator, sessionId, 1);
            assertEquals(false, client.next(Opcode.INVALID_SESSION).d());
            client.identify(simulator, 0, 1, Intent.ALL);
            assertEquals(1, client.next("READY").sequence());
        }
    }

    @Test
    void endsWithACloseCodeOf1000() throws InterruptedException {
        String sessionId;
        try (TestShard client = ready(0, 1)) {
            sessionId = Json.text(client.next("READY").data(), "session_id");
            client.close(1000);
            client.closeCode();
        }
        try (TestShard client = TestShard.plain(simulator)) {
            client.resume(simulator, sessionId, 1);
            client.next(Opcode.HELLO);
            assertEquals(false, client.next(Opcode.INVALID_SESSION).d());
        }
        assertTrue(simulator.ledger().sessions().getFirst().ended());
    }

    @Test
    void closesASequenceThatWasNeverSentWith4007() throws InterruptedException {
        try (TestShard client = ready(0, 1);
                TestShard second = TestShard.plain(simulator)) {
            String sessionId = Json.text(client.next("READY").data(), "session_id");
            second.resume(simulator, sessionId, 1_000_000);
            assertEquals(4007, second.closeCode());
        }
    }

    @Test
    void givesASessionToTheNewestConnection() throws InterruptedException {
        try (TestShard client = ready(0, 1);
                TestShard second = TestShard.plain(simulator)) {
            String sessionId = Json.text(client.next("READY").data(), "session_id");
            second.resume(simulator, sessionId, 1);
            second.next("RESUMED");
            assertEquals(4000, client.closeCode());
            simulator.events().emit("TYPING_START");
            second.next("TYPING_START");
        }
    }

    @Test
    void compressesWithOneZlibStreamHoweverItIsSplit() throws InterruptedException {
        for (int split : new int[] {0, 1, 3, 1_000}) {
            simulator.faults().splitMessages(split);
            try (TestShard client =
                    new TestShard(
                            simulator.gatewayUri(), "compress=zlib-stream&v=10&encoding=json")) {
                client.next(Opcode.HELLO);
                client.identify(simulator, 0, 1, Intent.ALL);
                client.next("GUILD_CREATE");
                simulator.events().emit("MESSAGE_CREATE");
                assertEquals(0, client.next("MESSAGE_CREATE").data().get("type"));
            }
        }
    }

    @Test
    void compressesWithOneZstdStream() throws InterruptedException {
        try (TestShard client =
                new TestShard(simulator.gatewayUri(), "v=10&compress=zstd-stream&encoding=json")) {
            client.next(Opcode.HELLO);
            client.identify(simulator, 0, 1, Intent.ALL);
            client.next("GUILD_CREATE");
            for (int i = 0; i < 100; i++) {
                simulator.events().emit("MESSAGE_CREATE");
                assertEquals(0, client.next("MESSAGE_CREATE").data().get("type"));
            }
        }
    }

    @Test
    void compressesEachPayloadByItselfWhenIdentifyAsksForIt() throws InterruptedException {
        try (TestShard client = TestShard.plain(simulator)) {
            client.send(
                    Opcode.IDENTIFY,
                    Json.of(
                            "token",
                            simulator.config().token(),
                            "intents",
                            Intent.ALL,
                            "compress",
                            true));
            client.next("GUILD_CREATE");
            simulator.events().emit("MESSAGE_CREATE");
            client.next("MESSAGE_CREATE");
        }
    }

    @Test
    void acceptsClientMessagesInBinaryFrames() throws InterruptedException {
        try (TestShard client = TestShard.plain(simulator)) {
            client.next(Opcode.HELLO);
            client.sendBinary("{\"op\":1,\"d\":null}".getBytes(StandardCharsets.UTF_8));
            client.next(Opcode.HEARTBEAT_ACK);
        }
        Recorder.Connection record = simulator.recorder().connections().getFirst();
        assertEquals(1, record.heartbeats().size());
        assertFalse(record.heartbeats().getFirst().isPresent());
    }
}
