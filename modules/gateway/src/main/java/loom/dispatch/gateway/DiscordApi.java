package loom.dispatch.gateway;

import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * The few calls of Discord's REST API that a gateway service needs (protocol section 8).
 *
 * <p>Each call is one request: when to ask again is for the caller to decide, by the type of the
 * answer.
 */
public final class DiscordApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .sslContext(LateTrust.tls())
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .connectTimeout(TIMEOUT)
                    .build();
    private final URI base;
    private final Token token;

    /**
     * Talks to this API.
     *
     * @param base for example {@code https://discord.com/api/v10}
     */
    public DiscordApi(URI base, Token token) {
        this.base = base;
        this.token = token;
        if ("https".equals(base.getScheme())) {
            // while the name is resolved and the server greets
            Thread.ofVirtual().name("certificate-authorities").start(LateTrust::prepare);
        }
    }

    /** What became of a request. */
    public sealed interface Answer<T> {
        /** Discord answered it. */
        record Given<T>(T value) implements Answer<T> {}

        /** Discord will not answer it, ever: the line says why. */
        record Refused<T>(String reason) implements Answer<T> {}

        /**
         * Not now: the network, an outage, a rate limit.
         *
         * @param retryAfter wait at least so long, zero if Discord did not say
         */
        record Unavailable<T>(String reason, Duration retryAfter) implements Answer<T> {}
    }

    /**
     * {@code GET /gateway/bot}.
     *
     * @param url where to connect
     * @param shards how many Discord recommends
     * @param remaining IDENTIFYs left of {@code total}
     * @param total IDENTIFYs in a day
     * @param resetAfter until {@code remaining} is {@code total} again
     * @param maxConcurrency IDENTIFYs at a time
     */
    public record GatewayBot(
            URI url,
            int shards,
            int remaining,
            int total,
            Duration resetAfter,
            int maxConcurrency) {
        /** The same, with one IDENTIFY spent. */
        public GatewayBot spent() {
            return new GatewayBot(
                    url, shards, Math.max(0, remaining - 1), total, resetAfter, maxConcurrency);
        }
    }

    /** Asks where to connect, with how many shards, and how many IDENTIFYs are left. Blocks. */
    public Answer<GatewayBot> gatewayBot() throws InterruptedException {
        return send("/gateway/bot", DiscordApi::gatewayBot);
    }

    private static GatewayBot gatewayBot(String body) throws IOException {
        Map<String, Object> answer = JSON.std.mapFrom(body);
        Map<?, ?> limit = (Map<?, ?>) answer.get("session_start_limit");
        return new GatewayBot(
                URI.create((String) answer.get("url")),
                number(answer.get("shards")),
                number(limit.get("remaining")),
                number(limit.get("total")),
                Duration.ofMillis(number(limit.get("reset_after"))),
                number(limit.get("max_concurrency")));
    }

    private static int number(Object value) {
        return ((Number) value).intValue();
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(String body) throws IOException;
    }

    private <T> Answer<T> send(String path, Reader<T> reader) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(TIMEOUT)
                        .header("Authorization", token.authorization())
                        .header("User-Agent", "DiscordBot (loom-dispatch, 0.1)")
                        .build();
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> new Answer.Given<>(reader.read(response.body()));
                case 401, 403 ->
                        new Answer.Refused<>(
                                "Discord refused the token (HTTP "
                                        + response.statusCode()
                                        + " from "
                                        + path
                                        + "): check BOT_TOKEN");
                default ->
                        new Answer.Unavailable<>(
                                "HTTP " + response.statusCode() + " from " + path,
                                retryAfter(response));
            };
        } catch (IOException e) {
            return new Answer.Unavailable<>(
                    e.getClass().getSimpleName() + " on " + path + ": " + e.getMessage(),
                    Duration.ZERO);
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            return new Answer.Unavailable<>(
                    "an answer from " + path + " that is not Discord's: " + e.getMessage(),
                    Duration.ZERO);
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        if (response.statusCode() != TOO_MANY_REQUESTS) {
            return Duration.ZERO;
        }
        try {
            String seconds = response.headers().firstValue("Retry-After").orElse("5");
            return Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000));
        } catch (NumberFormatException _) {
            return Duration.ofSeconds(5);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
