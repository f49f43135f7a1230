package loom.dispatch.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import loom.dispatch.metrics.http.HttpAnswer;
import loom.dispatch.metrics.http.HttpAnswerWriter;
import loom.dispatch.metrics.http.HttpRoutes;
import loom.dispatch.runtime.EventLog;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * The HTTP side: listens, bounds what is at work at a time, and answers what {@link HttpRoutes}
 * decides.
 *
 * <p>Every request has a virtual thread. At most {@value #AT_ONCE} are read or answered at a time;
 * a connection beyond is closed. A client has {@value #REQUEST_SECONDS} s to send its request and
 * {@value #RESPONSE_SECONDS} s to take the answer. Safe for many threads.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.http");

    /**
     * A scraper, a probe, a balancer and a few people; each needs a thread and an answer's bytes.
     */
    private static final int AT_ONCE = 64;

    private static final int REQUEST_SECONDS = 5;
    private static final int RESPONSE_SECONDS = 30;

    private final HttpServer server;
    private final HttpRoutes routes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(AT_ONCE);

    private HttpEndpoint(HttpServer server, HttpRoutes routes) {
        this.server = server;
        this.routes = routes;
    }

    /**
     * Listens at exactly this address and shows metrics alone.
     *
     * @throws IOException with a line that says what could not be bound and why
     */
    public static HttpEndpoint start(InetSocketAddress address, Metrics metrics)
            throws IOException {
        return start(address, MonitoringSources.of(metrics));
    }

    /**
     * Listens at exactly this address; port 0 is any free one.
     *
     * @throws IOException with a line that says what could not be bound and why
     */
    public static HttpEndpoint start(InetSocketAddress address, MonitoringSources content)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("HTTP cannot listen: unknown host " + address.getHostString());
        }
        limits().forEach(HttpEndpoint::limit);
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "HTTP cannot listen on " + text(address) + ": " + e.getMessage(), e);
        }
        var endpoint = new HttpEndpoint(server, new HttpRoutes(content));
        server.setExecutor(endpoint::execute);
        server.createContext("/", endpoint::answer);
        server.start();
        return endpoint;
    }

    /** The JDK's server takes its limits from system properties alone. */
    private static Map<String, Integer> limits() {
        return Map.of(
                "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
                "sun.net.httpserver.maxRspTime", RESPONSE_SECONDS,
                "jdk.httpserver.maxConnections", 4 * AT_ONCE);
    }

    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Where it listens, as host:port; tells the port if any free one was asked for. */
    public String address() {
        return text(server.getAddress());
    }

    private static String text(InetSocketAddress address) {
        InetAddress at = address.getAddress();
        String host = at.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private void execute(Runnable exchange) {
        if (!free.tryAcquire()) {
            // the server closes the connection
            throw new RejectedExecutionException("more than " + AT_ONCE + " requests at a time");
        }
        try {
            threads.execute(() -> runAndFree(exchange));
        } catch (RejectedExecutionException e) {
            free.release();
            throw e;
        }
    }

    private void runAndFree(Runnable exchange) {
        try {
            exchange.run();
        } finally {
            free.release();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpAnswerWriter.send(exchange, decide(exchange));
        }
    }

    private HttpAnswer decide(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        try {
            return routes.answer(
                    exchange.getRequestMethod(), path, authorization == null ? "" : authorization);
        } catch (RuntimeException e) {
            LOG.write(MetricsLogEvents.HTTP_FAILED.with(path).causedBy(e));
            return HttpAnswer.empty(500);
        }
    }

    /** Stops listening and drops what is being answered. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
