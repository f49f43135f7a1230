package loom.dispatch.metrics.http;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.MonitoringSources;
import loom.dispatch.metrics.StatusSnapshot;
import loom.dispatch.metrics.exposition.TextExposition;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Decides what is answered to which path; knows nothing of sockets. Safe for many threads. */
public final class HttpRoutes {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final List<String> SCRIPTS =
            List.of("page.js", "view.js", "shards.js", "verdict.js", "text.js");

    /** The page's own files and /status, and nothing from anywhere else. */
    private static final Map<String, String> PAGE_HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                            + " img-src data:; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'",
                    "Referrer-Policy",
                    "no-referrer");

    private final MonitoringSources content;

    /**
     * An exposition of a thousand shards is megabytes: one is written at a time, so that a crowd of
     * scrapers costs time and not memory.
     */
    private final ReentrantLock exposing = new ReentrantLock();

    private final Map<String, Supplier<HttpAnswer>> guarded;

    public HttpRoutes(MonitoringSources content) {
        this.content = content;
        Map<String, Supplier<HttpAnswer>> paths = new TreeMap<>();
        paths.put("/metrics", this::metrics);
        content.status()
                .ifPresent(status -> {
                    paths.put("/status", () -> status(status.get()));
                    paths.put("/", page("index.html", HTML));
                    paths.put("/page.css", page("page.css", CSS));
                    for (String script : SCRIPTS) {
                        paths.put("/" + script, page(script, SCRIPT));
                    }
                });
        guarded = Map.copyOf(paths);
    }

    /**
     * The answer to one request.
     *
     * @param authorization the header's value, empty without one
     */
    public HttpAnswer answer(String method, String path, String authorization) {
        boolean open = content.token().map(token -> token.opens(authorization)).orElse(true);
        Supplier<HttpAnswer> answer =
                switch (path) {
                    case "/healthcheck" ->
                            () -> HttpAnswer.of(200, HttpAnswer.JSON, "{\"status\":\"OK\"}");
                    case "/livez" -> () -> health(content.live().get(), open);
                    case "/readyz" -> () -> health(content.ready().get(), open);
                    default -> guarded.get(path);
                };
        if (answer == null) {
            return HttpAnswer.empty(404);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return HttpAnswer.notAllowed();
        }
        return open || !guarded.containsKey(path) ? answer.get() : HttpAnswer.unauthorized();
    }

    private HttpAnswer metrics() {
        exposing.lock();
        try {
            return HttpAnswer.of(200, TextExposition.CONTENT_TYPE, content.metrics().exposition());
        } finally {
            exposing.unlock();
        }
    }

    /** Probes see which check fails; only who may see everything sees why. */
    private static HttpAnswer health(List<HealthCheck> checks, boolean open) {
        boolean ok = checks.stream().allMatch(HealthCheck::ok);
        var json = new JsonWriter();
        json.open('{').field("status", ok ? "OK" : "FAILING");
        StatusJson.checks(json, open ? checks : withoutDetail(checks));
        return HttpAnswer.of(ok ? 200 : 503, HttpAnswer.JSON, json.close('}').toString());
    }

    private static List<HealthCheck> withoutDetail(List<HealthCheck> checks) {
        return checks.stream().map(check -> new HealthCheck(check.name(), check.ok(), "")).toList();
    }

    private HttpAnswer status(StatusSnapshot snapshot) {
        return HttpAnswer.of(200, HttpAnswer.JSON, StatusJson.of(snapshot, content.ready().get()));
    }

    private static Supplier<HttpAnswer> page(String file, String type) {
        byte[] bytes = StatusPageFiles.read(file);
        Map<String, String> headers = new TreeMap<>(PAGE_HEADERS);
        headers.put("Content-Type", type);
        return () -> new HttpAnswer(200, headers, bytes);
    }
}
