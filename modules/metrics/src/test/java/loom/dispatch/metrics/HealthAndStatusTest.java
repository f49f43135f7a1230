package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Tests the health checks, /status, the status page's files and the bearer token over HTTP. */
final class HealthAndStatusTest {
    private static final String SECRET = "correct horse";

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<List<HealthCheck>> ready =
            new AtomicReference<>(List.of(new HealthCheck("broker", true, "2 of 2 connections")));
    private HttpEndpoint endpoint;

    private void start(Optional<BearerToken> token) throws IOException {
        var content =
                new MonitoringSources(
                        new Metrics(),
                        List::of,
                        ready::get,
                        Optional.of(() -> SampleSnapshots.well(64)),
                        token);
        endpoint = HttpEndpoint.start(new InetSocketAddress("127.0.0.1", 0), content);
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + endpoint.address() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String body(String path) throws Exception {
        return new String(send("GET", path).body(), StandardCharsets.UTF_8);
    }

    @Test
    void readinessNamesFailingCheck() throws Exception {
        start(Optional.empty());
        assertEquals(200, send("GET", "/readyz").statusCode());
        ready.set(
                List.of(
                        new HealthCheck("broker", false, "0 of 2 \"up\""),
                        new HealthCheck("x", true, "")));
        assertEquals(503, send("GET", "/readyz").statusCode());
        assertEquals(
                "{\"status\":\"FAILING\",\"checks\":["
                        + "{\"name\":\"broker\",\"ok\":false,\"detail\":\"0 of 2 \\\"up\\\"\"},"
                        + "{\"name\":\"x\",\"ok\":true}]}",
                body("/readyz"));
        assertEquals(200, send("GET", "/livez").statusCode());
        assertEquals("{\"status\":\"OK\",\"checks\":[]}", body("/livez"));
        assertEquals("{\"status\":\"OK\"}", body("/healthcheck"));
    }

    @Test
    void endpointWithoutStatusIsNeverReadyAndHasNoPage() throws Exception {
        endpoint =
                HttpEndpoint.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        SampleSnapshots.metricsOnly(new Metrics()));
        assertEquals(503, send("GET", "/readyz").statusCode());
        assertEquals(404, send("GET", "/").statusCode());
        assertEquals(404, send("GET", "/status").statusCode());
    }

    @Test
    void statusListsEveryShard() throws Exception {
        start(Optional.empty());
        String json = body("/status");
        assertTrue(
                json.contains(
                        "{\"id\":63,\"state\":\"Connected\",\"latency_ms\":44,\"event_age_ms\":12,"
                                + "\"ack_age_ms\":17000,\"received\":163,\"settled\":162,"
                                + "\"unsettled_events\":0,\"unsettled_bytes\":0,"
                                + "\"resumable\":true,\"withholding\":false}"),
                json);
        assertEquals(64, json.split("\"latency_ms\"").length - 1);
    }

    @Test
    void tokenIsRequiredForEverythingButHealthChecks() throws Exception {
        start(Optional.of(new BearerToken(SECRET)));
        for (String path : List.of("/metrics", "/status", "/", "/page.js", "/page.css")) {
            HttpResponse<byte[]> closed = send("GET", path);
            assertEquals(401, closed.statusCode(), path);
            assertTrue(closed.headers().firstValue("WWW-Authenticate").isPresent());
            assertEquals(0, closed.body().length);
            assertEquals(
                    401, send("GET", path, "Authorization", "Bearer wrong").statusCode(), path);
            assertEquals(
                    200, send("GET", path, "Authorization", "Bearer " + SECRET).statusCode(), path);
            assertEquals(200, send("GET", path, "Authorization", basic(SECRET)).statusCode(), path);
        }
        assertEquals(401, send("GET", "/", "Authorization", basic("wrong")).statusCode());
        assertEquals(401, send("GET", "/", "Authorization", "Basic %%%").statusCode());
        assertEquals(401, send("GET", "/", "Authorization", "Bearer").statusCode());
        assertEquals(404, send("GET", "/nothing").statusCode());
        assertEquals("{\"status\":\"OK\"}", body("/healthcheck"));
        assertEquals(200, send("GET", "/livez").statusCode());
        assertFalse(body("/readyz").contains("2 of 2"), "details need the token");
    }

    private static String basic(String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(("anyone:" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void pageLoadsOnlyFilesFromThisService() throws Exception {
        start(Optional.empty());
        String page = body("/");
        for (String script : List.of("/page.js", "/view.js", "/shards.js", "/verdict.js")) {
            page += body(script);
        }
        Matcher named =
                Pattern.compile("(?:src|href)=\"([^\"#:]+)\"|from '\\./([^']+)'").matcher(page);
        int files = 0;
        while (named.find()) {
            String path = named.group(1) == null ? named.group(2) : named.group(1);
            int status = send("GET", "/" + path).statusCode();
            assertTrue(status == 200 || path.equals("readyz"), path + " answers " + status);
            files++;
        }
        assertTrue(files >= 9, "found only " + files);
        String elsewhere = page.replace("http://www.w3.org/2000/svg", "");
        assertFalse(elsewhere.contains("//cdn") || elsewhere.contains("http"), "loads elsewhere");
        String policy =
                send("GET", "/").headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'"), policy);
    }

    @Test
    void headRequestGetsLengthWithoutBody() throws Exception {
        start(Optional.empty());
        HttpResponse<byte[]> head = send("HEAD", "/page.css");
        int length = send("GET", "/page.css").body().length;
        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertEquals(length, head.headers().firstValueAsLong("Content-Length").orElseThrow());
    }

    @Test
    void otherMethodsAreRejectedWithAllowHeader() throws Exception {
        start(Optional.empty());
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            HttpResponse<byte[]> refused = send(method, "/status");
            assertEquals(405, refused.statusCode(), method);
            assertEquals("GET, HEAD", refused.headers().firstValue("Allow").orElseThrow());
        }
        assertEquals(404, send("POST", "/nothing").statusCode());
    }

    @Test
    void largeResponseIsCompressedIfClientAcceptsGzip() throws Exception {
        start(Optional.empty());
        HttpResponse<byte[]> answer = send("GET", "/status", "Accept-Encoding", "br, gzip;q=0.8");
        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
        assertTrue(new String(plain, StandardCharsets.UTF_8).startsWith("{\"version\""));
        assertTrue(answer.body().length < plain.length / 3);
        HttpResponse<byte[]> refused = send("GET", "/status", "Accept-Encoding", "gzip;q=0");
        assertTrue(refused.headers().firstValue("Content-Encoding").isEmpty());
    }

    @Test
    void exceptionInHealthCheckIsAnsweredWithStatus500() throws Exception {
        start(Optional.empty());
        ready.set(null);
        assertEquals(500, send("GET", "/readyz").statusCode());
        assertEquals(200, send("GET", "/livez").statusCode());
    }
}
