package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;

/** Checks the result of {@link DiscordApi#gatewayBot} for each kind of answer. */
final class DiscordApiTest {
    private final SimulatorConfig simulated =
            SimulatorConfig.standard()
                    .withShards(3)
                    .withMaxConcurrency(16)
                    .withStartsResetAfter(Duration.ZERO);
    private Simulator simulator;
    private DiscordApi api;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(simulated);
        api = new DiscordApi(simulator.restUri(), new BotToken(simulated.token()));
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
        simulator.close();
    }

    private GatewayBot given() throws InterruptedException {
        return assertInstanceOf(Answer.Given.class, api.gatewayBot()).value()
                        instanceof GatewayBot bot
                ? bot
                : null;
    }

    @Test
    void readsEveryFieldAndAcceptsResetAfterOfZero() throws Exception {
        simulator.faults().startsRemaining(0);
        GatewayBot bot = given();
        assertEquals(simulator.gatewayUri(), bot.url());
        assertEquals(16, bot.maxConcurrency());
        assertEquals(Duration.ZERO, bot.resetAfter());
        assertEquals(0, bot.remaining());
        assertEquals(1_000, bot.total());
    }

    @Test
    void readsReformattedJsonOfProxy() throws Exception {
        simulator
                .faults()
                .failRest(
                        "/gateway/bot",
                        200,
                        """
                        {"session_start_limit" : {"max_concurrency" : 16, "reset_after" : 14400000,
                            "remaining" : 7, "total" : 1000, "more" : [{"a" : "}"}]},
                         "shards" : 9, "url" : "wss:\\/\\/gateway.discord.gg"}
                        """);
        GatewayBot bot = given();
        assertEquals(URI.create("wss://gateway.discord.gg"), bot.url());
        assertEquals(9, bot.shards());
        assertEquals(7, bot.remaining());
        assertEquals(Duration.ofHours(4), bot.resetAfter());
        assertEquals(16, bot.maxConcurrency());
    }

    @Test
    void recommendedShardsMayChange() throws Exception {
        assertEquals(3, given().shards());
        simulator.faults().recommendedShards(5);
        assertEquals(5, given().shards());
    }

    @Test
    void wrongTokenIsRefusedAndNeverPrinted() throws Exception {
        try (var wrong = new DiscordApi(simulator.restUri(), new BotToken("d3Jvbmc=.to.ken"))) {
            String reason = assertInstanceOf(Answer.Refused.class, wrong.gatewayBot()).reason();
            assertTrue(reason.contains("BOT_TOKEN"), reason);
            assertTrue(!reason.contains("d3Jvbmc"), reason);
        }
    }

    @ParameterizedTest
    @CsvSource({"429, 1000", "500, 0", "502, 0", "503, 0"})
    void outageAndRateLimitAreUnavailable(int status, long millis) throws Exception {
        simulator.faults().failRest("/gateway/bot", status);
        var later = assertInstanceOf(Answer.Unavailable.class, api.gatewayBot());
        assertTrue(later.reason().contains("" + status), later.reason());
        assertTrue(later.retryAfter().toMillis() >= millis, later::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>1015</html>",
                "",
                "[]",
                "{}",
                "{\"url\":7,\"shards\":1}",
                "{\"url\":\"wss://x\",\"shards\":\"1\",\"session_start_limit\":{}}",
                "{\"url\":\"wss://x\",\"shards\":1,\"session_start_limit\":[]}",
                "{\"shards\":1,\"session_start_limit\":{\"total\":1000,\"remaining\":1,"
                        + "\"reset_after\":0,\"max_concurrency\":1}}",
                "{\"url\":\"https://x\",\"shards\":1,\"session_start_limit\":{\"total\":1000,"
                        + "\"remaining\":1,\"reset_after\":0,\"max_concurrency\":1}}",
                "{\"url\":\"wss://x\",\"shards\":0,\"session_start_limit\":{\"total\":1000,"
                        + "\"remaining\":1,\"reset_after\":0,\"max_concurrency\":1}}",
                "{\"url\":\"wss://x\",\"shards\":1,\"session_start_limit\":{\"total\":1000,"
                        + "\"remaining\":1,\"reset_after\":0,\"max_concurrency\":0}}",
                "{\"url\":\"wss://x\",\"shards\":4294967297,\"session_start_limit\":{\"total\":1000,"
                    + "\"remaining\":1,\"reset_after\":0,\"max_concurrency\":1}}"
            })
    void unexpectedAnswerIsUnavailable(String body) throws Exception {
        simulator.faults().failRest("/gateway/bot", 200, body);
        assertInstanceOf(Answer.Unavailable.class, api.gatewayBot());
    }

    @Test
    void rateLimitWithoutJsonIsUnavailable() throws Exception {
        simulator.faults().failRest("/gateway/bot", 429, "<html>1015</html>");
        var later = assertInstanceOf(Answer.Unavailable.class, api.gatewayBot());
        assertTrue(later.retryAfter().isPositive(), later::toString);
    }

    @Test
    void waitsForSlowAnswer() throws Exception {
        simulator.faults().delayRest(300);
        assertEquals(3, given().shards());
    }

    @Test
    void unreachableHostIsUnavailable() throws Exception {
        try (var silent = new Socket()) {
            // bound, so that no other process gets the port, and not listening
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI nobody = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            try (var lonely = new DiscordApi(nobody, new BotToken(simulated.token()))) {
                assertInstanceOf(Answer.Unavailable.class, lonely.gatewayBot());
            }
        }
    }
}
