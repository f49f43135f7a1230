package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Tests transport faults: damage, gaps, slow or silent connections, a bad close frame. */
final class TransportFaultTest {
    private final Simulator simulator =
            RunningSimulator.with(
                    SimulatorConfig.standard()
                            .withIdentifyInterval(Duration.ZERO)
                            .withHeartbeatInterval(Duration.ofSeconds(10)));

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private TestGatewayClient ready(String compress) throws InterruptedException {
        String query = "v=10&encoding=json" + compress;
        TestGatewayClient client = new TestGatewayClient(simulator.gatewayUri(), query);
        client.identify(simulator, 0, 1, IntentBits.ALL);
        client.next("GUILD_CREATE");
        client.next("GUILD_CREATE");
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&compress=zlib-stream", "&compress=zstd-stream"})
    void corruptNextMakesTheNextMessageUndecodable(String compress) throws InterruptedException {
        try (TestGatewayClient client = ready(compress)) {
            simulator.faults().corruptNext(shard -> true);
            simulator.faults().requestHeartbeat(shard -> true);
            assertEquals(1006, client.closeCode(), "the test's client gives up");
        }
    }

    @Test
    void skippedEventsLeaveASequenceGap() throws InterruptedException {
        try (TestGatewayClient client = ready("")) {
            simulator.faults().swallow(shard -> true, 2);
            for (int i = 0; i < 3; i++) {
                simulator.events().emit("TYPING_START");
            }
            assertEquals(6, client.next("TYPING_START").sequence());
        }
    }

    @Test
    void sendsACloseFrameWithoutACode() throws InterruptedException {
        try (TestGatewayClient client = ready("")) {
            simulator.faults().close(shard -> true, 1005);
            assertEquals(1005, client.closeCode());
        }
    }

    @Test
    void limitsTheBytesPerSecond() throws InterruptedException {
        try (TestGatewayClient client = ready("")) {
            simulator.faults().limitBytesPerSecond(1_000_000);
            long before = System.nanoTime();
            simulator.events().emitRaw(0, "BIG", Json.bytes(Json.of("x", "y".repeat(200_000))));
            client.next("BIG");
            assertTrue(System.nanoTime() - before > 150_000_000);
        }
    }

    @Test
    void doesNotAnswerWhileReadingIsStopped() throws InterruptedException {
        try (TestGatewayClient client = ready("")) {
            simulator.faults().stopReading(true);
            client.send(GatewayOpcode.HEARTBEAT, null);
            assertFalse(client.hears(GatewayOpcode.HEARTBEAT_ACK, Duration.ofMillis(100)));
            simulator.faults().stopReading(false);
            client.next(GatewayOpcode.HEARTBEAT_ACK);
        }
    }

    @Test
    void answersTheResumeUrlWithAnHttpStatus() throws InterruptedException {
        String url;
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, 1);
            url = String.valueOf(client.next("READY").data().get("resume_gateway_url"));
        }
        simulator.faults().resumeUrlStatus(503);
        var failure =
                assertThrows(
                        CompletionException.class,
                        () -> new TestGatewayClient(URI.create(url), "v=10&encoding=json").close());
        assertEquals(
                503, ((WebSocketHandshakeException) failure.getCause()).getResponse().statusCode());
    }

    @Test
    void sendsSmallPayloadsAsTextWithPayloadCompression() throws InterruptedException {
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
            client.next("READY");
            client.next("GUILD_CREATE");
            client.send(GatewayOpcode.HEARTBEAT, 1);
            client.next(GatewayOpcode.HEARTBEAT_ACK);
        }
    }
}
