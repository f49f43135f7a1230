package loom.dispatch.metrics.http;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.MonitoringSources;
import loom.dispatch.metrics.StatusSnapshot;
import loom.dispatch.metrics.exposition.TextExposition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Maps a request's method, path and authorization to a response. Thread-safe. */
public final class HttpRoutes {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final List<String> SCRIPTS =
            List.of("page.js", "view.js", "shards.js", "verdict.js", "text.js");

    /** The browser may load the page's own files and /status, and nothing from another origin. */
    private static final Map<String, String> PAGE_HEADERS =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                            + " img-src data:; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'",
                    "Referrer-Policy",
                    "no-referrer");

    private final MonitoringSources sources;

    /**
     * Serialises scrapes. The text of a thousand shards takes megabytes, and the lock bounds that
     * memory to one scrape.
     */
    private final ReentrantLock scrapeLock = new ReentrantLock();

    private final Map<String, Supplier<HttpAnswer>> guarded;

    public HttpRoutes(MonitoringSources sources) {
        this.sources = sources;
        Map<String, Supplier<HttpAnswer>> paths = new TreeMap<>();
        paths.put("/metrics", this::metrics);
        sources.status()
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
     * Returns the response to one request.
     *
     * @param authorization the value of the Authorization header; empty if the header is absent
     */
    public HttpAnswer answer(String method, String path, String authorization) {
        boolean authorized =
                sources.token().map(token -> token.matches(authorization)).orElse(true);
        Supplier<HttpAnswer> answer =
                switch (path) {
                    case "/healthcheck" ->
                            () -> HttpAnswer.of(200, HttpAnswer.JSON, "{\"status\":\"OK\"}");
                    case "/livez" -> () -> health(sources.live().get(), authorized);
                    case "/readyz" -> () -> health(sources.ready().get(), authorized);
                    default -> guarded.get(path);
                };
        if (answer == null) {
            return HttpAnswer.empty(404);
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return HttpAnswer.notAllowed();
        }
        return authorized || !guarded.containsKey(path) ? answer.get() : HttpAnswer.unauthorized();
    }

    private HttpAnswer metrics() {
        scrapeLock.lock();
        try {
            return HttpAnswer.of(200, TextExposition.CONTENT_TYPE, sources.metrics().exposition());
        } finally {
            scrapeLock.unlock();
        }
    }

    /** Every client sees which check fails. Only an authorized client sees the details. */
    private static HttpAnswer health(List<HealthCheck> checks, boolean authorized) {
        boolean ok = checks.stream().allMatch(HealthCheck::ok);
        String json = StatusJson.health(ok, authorized ? checks : withoutDetail(checks));
        return HttpAnswer.of(ok ? 200 : 503, HttpAnswer.JSON, json);
    }

    private static List<HealthCheck> withoutDetail(List<HealthCheck> checks) {
        return checks.stream().map(check -> new HealthCheck(check.name(), check.ok(), "")).toList();
    }

    private HttpAnswer status(StatusSnapshot snapshot) {
        return HttpAnswer.of(
                200, HttpAnswer.JSON, StatusJson.status(snapshot, sources.ready().get()));
    }

    private static Supplier<HttpAnswer> page(String file, String type) {
        byte[] bytes = read("page/" + file);
        Map<String, String> headers = new TreeMap<>(PAGE_HEADERS);
        headers.put("Content-Type", type);
        return () -> new HttpAnswer(200, headers, bytes);
    }

    private static byte[] read(String resource) {
        try (InputStream file = HttpRoutes.class.getResourceAsStream(resource)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
