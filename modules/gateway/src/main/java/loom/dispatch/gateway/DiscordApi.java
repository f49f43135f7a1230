package loom.dispatch.gateway;

import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Executors;

/**
 * A client for the calls of Discord's REST API that the service needs (protocol section 8).
 *
 * <p>Each call sends one request. The type of the answer tells the caller whether and when to
 * retry.
 */
public final class DiscordApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final String CHANNELS = "/channels/";

    /** The wait after a rate limit for which Discord names no time. */
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .connectTimeout(TIMEOUT)
                    .build();
    private final URI base;
    private final BotToken token;

    /**
     * Creates a client.
     *
     * @param base for example {@code https://discord.com/api/v10}
     */
    public DiscordApi(URI base, BotToken token) {
        this.base = base;
        this.token = token;
    }

    /** The result of a request. */
    public sealed interface Answer<T> {
        /** Discord answered. */
        record Given<T>(T value) implements Answer<T> {}

        /** Discord refused the request for good. A retry does not help. */
        record Refused<T>(String reason) implements Answer<T> {}

        /**
         * The request failed for now: a network error, an outage, or a rate limit.
         *
         * @param retryAfter the least wait before a retry; zero if Discord named none
         */
        record Unavailable<T>(String reason, Duration retryAfter) implements Answer<T> {}
    }

    /**
     * The answer of {@code GET /gateway/bot}.
     *
     * @param url the main gateway URL
     * @param shards the number of shards that Discord recommends
     * @param remaining the IDENTIFYs that are left of {@code total}
     * @param total the IDENTIFYs per day
     * @param resetAfter the time until {@code remaining} is reset to {@code total}
     * @param maxConcurrency the number of shards that may IDENTIFY at the same time
     */
    public record GatewayBot(
            URI url,
            int shards,
            int remaining,
            int total,
            Duration resetAfter,
            int maxConcurrency) {}

    /**
     * The answer of {@code GET /applications/@me}.
     *
     * @param name the application's name
     * @param flags the application's flags, which tell the privileged intents that it may use
     * @param at when Discord answered, by Discord's clock, in whole seconds
     */
    public record Application(String name, long flags, Instant at) {}

    /**
     * Requests the gateway URL, the recommended number of shards, and the IDENTIFYs that are left.
     * Blocks.
     */
    public Answer<GatewayBot> gatewayBot() throws InterruptedException {
        return send(request("/gateway/bot"), DiscordApi::gatewayBot);
    }

    /** Requests the application that the token belongs to. Blocks. */
    public Answer<Application> application() throws InterruptedException {
        return send(request("/applications/@me"), DiscordApi::application);
    }

    /**
     * Posts a message. Blocks.
     *
     * @param channel the channel's id
     * @param body the JSON body of {@code POST /channels/{id}/messages}
     * @return the wait before the next message to this channel
     */
    public Answer<Duration> createMessage(long channel, String body) throws InterruptedException {
        return send(
                request(CHANNELS + channel + "/messages")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                DiscordApi::pauseAfter);
    }

    private static GatewayBot gatewayBot(HttpResponse<byte[]> response) {
        JsonObject answer = JsonObject.lenient(response.body(), 0, response.body().length);
        JsonObject limit = answer.object("session_start_limit");
        String url = answer.textOrEmpty("url");
        if (!url.startsWith("wss://") && !url.startsWith("ws://")) {
            throw new IllegalArgumentException("url is missing or no WebSocket URL");
        }
        return new GatewayBot(
                URI.create(url),
                positive(answer, "shards"),
                number(limit, "remaining"),
                number(limit, "total"),
                Duration.ofMillis(limit.integer("reset_after")),
                positive(limit, "max_concurrency"));
    }

    private static Application application(HttpResponse<byte[]> response) {
        JsonObject answer = JsonObject.of(response.body());
        return new Application(
                answer.require("name").text(),
                answer.get("flags").map(JsonValue::integer).orElse(0L),
                response.headers()
                        .firstValue("Date")
                        .map(DateTimeFormatter.RFC_1123_DATE_TIME::parse)
                        .map(Instant::from)
                        .orElseGet(Instant::now));
    }

    private static Duration pauseAfter(HttpResponse<byte[]> response) {
        HttpHeaders headers = response.headers();
        boolean last = headers.firstValue("X-RateLimit-Remaining").filter("0"::equals).isPresent();
        return last
                ? headers.firstValue("X-RateLimit-Reset-After")
                        .map(DiscordApi::seconds)
                        .orElse(DEFAULT_RETRY_AFTER)
                : Duration.ZERO;
    }

    private static int positive(JsonObject fields, String key) {
        int number = number(fields, key);
        if (number < 1) {
            throw new IllegalArgumentException(key + " is not positive");
        }
        return number;
    }

    private static int number(JsonObject fields, String key) {
        long number = fields.integer(key);
        if (number != (int) number) {
            throw new IllegalArgumentException(key + " exceeds 32 bits");
        }
        return (int) number;
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(HttpResponse<byte[]> response);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Authorization", token.authorization())
                .header("User-Agent", "DiscordBot (loom-dispatch, 0.1)");
    }

    private <T> Answer<T> send(HttpRequest.Builder builder, Reader<T> reader)
            throws InterruptedException {
        HttpRequest request = builder.build();
        String path = request.uri().getPath().substring(base.getPath().length());
        try {
            HttpResponse<byte[]> response =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            int status = response.statusCode();
            return switch (status) {
                case 200 -> new Answer.Given<>(reader.read(response));
                case 401, 403 -> new Answer.Refused<>(refusal(status, path));
                case 400, 404 -> {
                    boolean forGood = path.startsWith(CHANNELS);
                    yield forGood
                            ? new Answer.Refused<>(refusal(status, path))
                            : unavailable(response, path);
                }
                default -> unavailable(response, path);
            };
        } catch (IOException e) {
            return new Answer.Unavailable<>(
                    e.getClass().getSimpleName()
                            + " from "
                            + base.getHost()
                            + path
                            + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                    Duration.ZERO);
        } catch (JsonSyntaxException | IllegalArgumentException | DateTimeException e) {
            return new Answer.Unavailable<>(
                    "unexpected answer from " + path + ": " + e.getMessage(), Duration.ZERO);
        }
    }

    private static String refusal(int status, String path) {
        String which = "(HTTP " + status + " from " + path + "): ";
        if (status == 401 || !path.startsWith(CHANNELS)) {
            return "Discord refused the token " + which + "check BOT_TOKEN";
        }
        return "Discord refused a message "
                + which
                + switch (status) {
                    case 403 ->
                            "the bot needs View Channel, Send Messages and Embed Links in the"
                                    + " channel";
                    case 404 -> "the channel does not exist";
                    default -> "Discord does not accept its content";
                };
    }

    private static <T> Answer<T> unavailable(HttpResponse<?> response, String path) {
        return new Answer.Unavailable<>(
                "HTTP " + response.statusCode() + " from " + path, retryAfter(response));
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        return response.statusCode() == TOO_MANY_REQUESTS
                ? response.headers()
                        .firstValue("Retry-After")
                        .map(DiscordApi::seconds)
                        .orElse(DEFAULT_RETRY_AFTER)
                : Duration.ZERO;
    }

    /** Parses seconds with a fraction. Text that is no number counts as missing. */
    private static Duration seconds(String text) {
        try {
            return Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
        } catch (NumberFormatException _) {
            return DEFAULT_RETRY_AFTER;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
