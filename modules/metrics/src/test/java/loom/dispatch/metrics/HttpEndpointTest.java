package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;

/** Tests that /metrics and /healthcheck keep the format of twilight-dispatch. */
final class HttpEndpointTest {
    private static final Pattern LINE =
            Pattern.compile(
                    "# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*"
                        + "|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-z]\\w*=\"([^\"\\\\]|\\\\.)*\",?)*\\})?"
                        + " (-?[0-9.]+(E-?[0-9]+)?|NaN|[+-]Inf)");

    private final Metrics metrics = new Metrics();
    private final HttpEndpoint endpoint = start();
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpEndpoint start() {
        try {
            return HttpEndpoint.start(
                    new InetSocketAddress("127.0.0.1", 0), SampleSnapshots.metricsOnly(metrics));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void eventCounterHasNoTotalSuffix() throws Exception {
        EventCounter.Shard shard = metrics.events().shard(3);
        shard.increment("MESSAGE_CREATE");
        shard.increment("MESSAGE_CREATE");
        HttpResponse<String> answer = send("GET", "/metrics");
        assertEquals(200, answer.statusCode());
        assertTrue(
                answer.headers()
                        .firstValue("Content-Type")
                        .orElseThrow()
                        .startsWith("text/plain; version=0.0.4"));
        List<String> lines = answer.body().lines().toList();
        assertTrue(lines.contains("# TYPE gateway_events counter"), answer.body());
        assertTrue(lines.contains("gateway_events{type=\"MESSAGE_CREATE\",shard=\"3\"} 2"));
        assertFalse(answer.body().contains("gateway_events_total"));
        assertTrue(answer.body().contains("\nprocess_start_time_seconds "));
    }

    @Test
    void labelWithSpecialCharactersKeepsTextFormat() throws Exception {
        metrics.events().shard(0).increment("odd \"name\" \\ \n of an event");
        String body = send("GET", "/metrics").body();
        body.lines().forEach(line -> assertTrue(LINE.matcher(line).matches(), line));
        assertTrue(body.contains("type=\"odd \\\"name\\\" \\\\ \\n of an event\""));
    }

    @Test
    void healthCheckAnswersAsTwilightDispatch() throws Exception {
        HttpResponse<String> answer = send("GET", "/healthcheck");
        assertEquals(200, answer.statusCode());
        assertEquals("{\"status\":\"OK\"}", answer.body());
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void unknownPathAndMethodAreRejected() throws Exception {
        assertEquals(404, send("GET", "/nothing").statusCode());
        assertEquals("", send("GET", "/nothing").body());
        assertEquals(405, send("POST", "/metrics").statusCode());
        assertEquals(200, send("HEAD", "/metrics").statusCode());
    }

    @Test
    void errorNamesPortInUse() {
        int port = Integer.parseInt(endpoint.address().split(":")[1]);
        IOException failure =
                assertThrows(
                        IOException.class,
                        () ->
                                HttpEndpoint.start(
                                        new InetSocketAddress("127.0.0.1", port),
                                        SampleSnapshots.metricsOnly(metrics)));
        assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());
    }
}
