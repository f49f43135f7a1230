package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.http.NamedFaults;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest.Builder;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Tests the responses of the REST routes and of the control routes. */
final class HttpRoutesTest {
    private final Simulator simulator =
            RunningSimulator.with(SimulatorConfig.standard().withShards(3));
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token = "Bot " + simulator.config().token();

    @AfterEach
    void stop() throws IOException {
        http.close();
        simulator.close();
    }

    private java.net.http.HttpResponse<String> get(String path, String authorization)
            throws IOException, InterruptedException {
        return send(request(path, authorization).GET());
    }

    private Builder request(String path, String authorization) {
        Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(path));
        return authorization.isEmpty() ? builder : builder.header("Authorization", authorization);
    }

    private java.net.http.HttpResponse<String> send(Builder builder)
            throws IOException, InterruptedException {
        return http.send(builder.build(), BodyHandlers.ofString());
    }

    private static Map<String, Object> json(java.net.http.HttpResponse<String> response) {
        return Json.object(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private String rest(String path) {
        return simulator.restUri() + path;
    }

    private java.net.http.HttpResponse<String> control(String route)
            throws IOException, InterruptedException {
        String uri = "http://127.0.0.1:" + simulator.restUri().getPort() + "/control/" + route;
        return send(request(uri, "").POST(BodyPublishers.noBody()));
    }

    @Test
    void returnsTheGatewayOnlyForAValidToken() throws Exception {
        assertEquals(simulator.gatewayUri().toString(), json(get(rest("/gateway"), "")).get("url"));
        assertEquals(401, get(rest("/gateway/bot"), "").statusCode());
        assertEquals(401, get(rest("/gateway/bot"), "Bot wrong.a.b").statusCode());
        Map<String, Object> bot = json(get(rest("/gateway/bot"), token));
        assertEquals(3, bot.get("shards"));
        assertEquals(16, Json.child(bot, "session_start_limit").get("max_concurrency"));
        assertEquals(simulator.config().botId(), json(get(rest("/users/@me"), token)).get("id"));
        for (String route : List.of("/applications/@me", "/oauth2/applications/@me")) {
            var application = json(get(rest(route), token));
            assertEquals(simulator.config().botId(), application.get("id"));
        }
    }

    @Test
    void rateLimitsMessagesPerChannelWithHeaders() throws Exception {
        for (int i = 1; i <= 6; i++) {
            var response =
                    send(
                            request(rest("/channels/7/messages"), token)
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"content\":\"hi\"}")));
            assertEquals(i <= 5 ? 200 : 429, response.statusCode());
            String remaining = response.headers().firstValue("x-ratelimit-remaining").orElseThrow();
            assertEquals(Math.max(0, 5 - i), Integer.parseInt(remaining));
            assertTrue(response.headers().firstValue("x-ratelimit-bucket").isPresent());
        }
        assertEquals(6, simulator.recorder().restCalls().size());
    }

    @Test
    void restStatusFaultAnswersEveryRequest() throws Exception {
        simulator.faults().failRest("/gateway/bot", 500);
        assertEquals(500, get(rest("/gateway/bot"), token).statusCode());
        assertEquals(200, get(rest("/users/@me"), token).statusCode());
        simulator.faults().restStatus(200);
        assertEquals(200, get(rest("/gateway/bot"), token).statusCode());
    }

    @Test
    void startsAFaultScheduleOverHttpAndReturnsItsSeed() throws Exception {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 3, IntentBits.ALL);
            client.next("READY");
            var started = control("schedule?kind=RECONNECTS&seed=7&mean-ms=5");
            assertEquals("7", json(started).get("seed"));
            client.next(GatewayOpcode.RECONNECT);
            assertEquals(200, control("schedule?kind=NONE").statusCode());
        }
        assertEquals(400, control("schedule?kind=LOCUSTS").statusCode());
    }

    @Test
    void everyFaultHasAName() throws Exception {
        for (String line : NamedFaults.lines()) {
            String name = line.substring(0, line.indexOf('?'));
            String all =
                    "?on=false&ms=0&bytes=0&code=0&status=200&shard=99&resumable=true&events=0"
                            + "&json={}&list=ALL&as=AS_IT_IS&url=&remaining=9&count=3";
            String parameters = all.replace("{}", "%7B%7D");
            assertEquals(200, control(name + parameters).statusCode(), line);
        }
    }

    @Test
    void controlRoutesDriveTheSimulator() throws Exception {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 3, IntentBits.ALL);
            client.next("READY");
            assertEquals(200, control("events?rate=500&mix=ALL_KINDS").statusCode());
            Eventually.await("100 events emitted", () -> simulator.events().emitted() > 100);
            assertEquals(200, control("pause").statusCode());
            control("op7?shard=1");
            control("op1?shard=0");
            client.next(GatewayOpcode.HEARTBEAT);
            control("op7");
            client.next(GatewayOpcode.RECONNECT);
            control("close?code=4321&shard=0");
            assertEquals(4321, client.closeCode());
        }
        String base = "http://127.0.0.1:" + simulator.restUri().getPort() + "/control/";
        Map<String, Object> statistics = json(get(base + "statistics", ""));
        assertEquals(1, statistics.get("identifies"));
        assertTrue(get(base + "ledger", "").body().contains("\"shard\":0"));
        assertEquals(404, control("nonsense").statusCode());
        assertEquals(400, control("close").statusCode());
        assertEquals(400, control("events?rate=x").statusCode());
    }
}
