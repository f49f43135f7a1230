package loom.dispatch.simulator.http;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.gateway.SimulatedGateway;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.HttpRequest;
import loom.dispatch.simulator.wire.HttpResponse;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.SnowflakeGenerator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the REST routes of protocol section 8. Each client's thread calls it. Its monitor guards
 * the rate-limit buckets.
 */
public final class RestApi {
    private static final Pattern MESSAGES = Pattern.compile("/channels/(\\d+)/messages");
    private static final String BASE = "/api/v10";

    /** Discord's limit per channel: 5 messages in 5 seconds. */
    private static final int LIMIT = 5;

    private static final long WINDOW_NANOS = 5_000_000_000L;

    private record Bucket(int used, long resetNanos) {}

    private final SimulatorConfig config;
    private final SimulatedGateway gateway;
    private final FaultState faults;
    private final ClientActionRecorder recorder;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private volatile String gatewayUrl = "";
    private volatile int recommendedShards;

    public RestApi(
            SimulatorConfig config,
            SimulatedGateway gateway,
            FaultState faults,
            ClientActionRecorder recorder) {
        this.config = config;
        this.gateway = gateway;
        this.faults = faults;
        this.recorder = recorder;
        this.recommendedShards = config.shards();
    }

    public void gatewayUrl(String url) {
        gatewayUrl = url;
    }

    public void recommendedShards(int shards) {
        recommendedShards = shards;
    }

    public HttpResponse answer(HttpRequest request) {
        delay();
        HttpResponse response = route(request);
        recorder.rest(
                new ClientActionRecorder.RestCall(
                        request.method(),
                        request.path(),
                        Map.copyOf(request.headers()),
                        new String(request.body(), StandardCharsets.UTF_8),
                        response.status(),
                        System.nanoTime()));
        return response;
    }

    private void delay() {
        try {
            Thread.sleep(faults.restDelayMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse route(HttpRequest request) {
        Optional<FaultState.RestFault> fault =
                faults.restFault.filter(f -> request.path().contains(f.pathPart()));
        if (fault.isPresent()) {
            return fault(fault.get());
        }
        if (!request.path().startsWith(BASE)) {
            return error(404, "404: Not Found", 0);
        }
        String path = request.path().substring(BASE.length());
        if (path.equals("/gateway") && request.method().equals("GET")) {
            return HttpResponse.json(200, of("url", gatewayUrl));
        }
        String authorization = request.header("authorization");
        if (!authorization.startsWith("Bot ") || !gateway.accepts(authorization)) {
            return error(401, "401: Unauthorized", 0);
        }
        Matcher messages = MESSAGES.matcher(path);
        if (messages.matches() && request.method().equals("POST")) {
            return message(messages.group(1), request);
        }
        return switch (request.method() + " " + path) {
            case "GET /gateway/bot" -> gatewayBot();
            case "GET /users/@me" -> HttpResponse.json(200, gateway.world().botUser());
            // Bot libraries request one of these before they connect; older libraries use the
            // second.
            case "GET /applications/@me", "GET /oauth2/applications/@me" -> application();
            default -> error(404, "404: Not Found", 0);
        };
    }

    private HttpResponse gatewayBot() {
        return HttpResponse.json(
                200,
                of(
                        "url", gatewayUrl,
                        "shards", recommendedShards,
                        "session_start_limit",
                                of(
                                        "total", config.startsTotal(),
                                        "remaining", Math.max(0, gateway.startsRemaining()),
                                        "reset_after", config.startsResetAfter().toMillis(),
                                        "max_concurrency", config.maxConcurrency())));
    }

    private HttpResponse application() {
        Map<String, Object> bot = gateway.world().botUser();
        Map<String, Object> application =
                of(
                        "id",
                        bot.get("id"),
                        "name",
                        bot.get("username"),
                        "icon",
                        null,
                        "description",
                        "",
                        "bot",
                        bot,
                        "owner",
                        bot,
                        "team",
                        null,
                        "bot_public",
                        true,
                        "bot_require_code_grant",
                        false,
                        "verify_key",
                        "00".repeat(32),
                        "flags",
                        IntentBits.applicationFlags(config.allowedIntents()));
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        return HttpResponse.json(200, application).with(Map.of("date", date));
    }

    private HttpResponse message(String channelId, HttpRequest request) {
        if (!request.header("content-type").startsWith("application/json")) {
            return error(400, "Invalid Form Body", 50_035);
        }
        Object parsed;
        try {
            parsed = Json.parse(request.body());
        } catch (IOException e) {
            return error(400, "The request body contains invalid JSON.", 50_109);
        }
        Map<String, Object> body = parsed instanceof Map<?, ?> map ? Json.typed(map) : of();
        boolean embeds = body.get("embeds") instanceof List<?> list && !list.isEmpty();
        boolean content = body.get("content") instanceof String text && !text.isEmpty();
        if (!embeds && !content) {
            return error(400, "Cannot send an empty message", 50_006);
        }
        if (content && Json.text(body, "content").length() > 2_000) {
            return error(400, "Invalid Form Body", 50_035);
        }
        Bucket bucket = take(channelId);
        double resetAfter = (bucket.resetNanos() - System.nanoTime()) / 1e9;
        Map<String, String> headers = headers(bucket, resetAfter);
        if (bucket.used() > LIMIT) {
            headers.put("x-ratelimit-scope", "user");
            headers.put("retry-after", Long.toString((long) Math.ceil(resetAfter)));
            Object limited =
                    of(
                            "message",
                            "You are being rate limited.",
                            "retry_after",
                            resetAfter,
                            "global",
                            false);
            return HttpResponse.json(429, limited).with(headers);
        }
        return HttpResponse.json(200, created(channelId, body)).with(headers);
    }

    private Map<String, Object> created(String channelId, Map<String, Object> body) {
        return gateway.locked(() -> {
            SnowflakeGenerator ids = gateway.world().ids();
            return of(
                    "id", ids.next(),
                    "channel_id", channelId,
                    "author", gateway.world().botUser(),
                    "content", body.getOrDefault("content", ""),
                    "timestamp", ids.now(),
                    "edited_timestamp", null,
                    "tts", false,
                    "mention_everyone", false,
                    "mentions", List.of(),
                    "mention_roles", List.of(),
                    "attachments", List.of(),
                    "embeds", body.getOrDefault("embeds", List.of()),
                    "pinned", false,
                    "type", 0,
                    "flags", 0);
        });
    }

    private synchronized Bucket take(String channelId) {
        long now = System.nanoTime();
        Bucket old = buckets.get(channelId);
        Bucket next =
                old == null || now - old.resetNanos() >= 0
                        ? new Bucket(1, now + WINDOW_NANOS)
                        : new Bucket(Math.min(old.used() + 1, LIMIT + 1), old.resetNanos());
        buckets.put(channelId, next);
        return next;
    }

    private static Map<String, String> headers(Bucket bucket, double resetAfter) {
        double reset = System.currentTimeMillis() / 1e3 + resetAfter;
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-ratelimit-limit", Integer.toString(LIMIT));
        headers.put("x-ratelimit-remaining", Integer.toString(Math.max(0, LIMIT - bucket.used())));
        headers.put("x-ratelimit-reset", String.format(Locale.ROOT, "%.3f", reset));
        headers.put("x-ratelimit-reset-after", String.format(Locale.ROOT, "%.3f", resetAfter));
        headers.put("x-ratelimit-bucket", "80c17d2f203122d936070c88c8d10f33");
        return headers;
    }

    private static HttpResponse fault(FaultState.RestFault fault) {
        int status = fault.status();
        Object body =
                status == 429
                        ? of(
                                "message",
                                "You are being rate limited.",
                                "retry_after",
                                0.5,
                                "global",
                                true)
                        : of("message", status + ": Fault", "code", 0);
        HttpResponse response =
                fault.body()
                        .map(text -> HttpResponse.text(status, text))
                        .orElseGet(() -> HttpResponse.json(status, body));
        return response.with(status == 429 ? Map.of("retry-after", "1") : Map.of());
    }

    private static HttpResponse error(int status, String message, int code) {
        return HttpResponse.json(status, of("message", message, "code", code));
    }
}
