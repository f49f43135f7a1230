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
 * The HTTP server for metrics, health checks and the status page. {@link HttpRoutes} decides the
 * responses.
 *
 * <p>A virtual thread handles each request. The server handles at most {@value #MAX_REQUESTS}
 * requests at a time and closes further connections. A client has {@value #REQUEST_SECONDS} s to
 * send its request and {@value #RESPONSE_SECONDS} s to read the response. Thread-safe.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.http");

    /**
     * Enough for a scraper, a probe, a load balancer and some people. It bounds the memory of
     * concurrent responses.
     */
    private static final int MAX_REQUESTS = 64;

    private static final int REQUEST_SECONDS = 5;
    private static final int RESPONSE_SECONDS = 30;

    private final HttpServer server;
    private final HttpRoutes routes;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(MAX_REQUESTS);

    private HttpEndpoint(HttpServer server, HttpRoutes routes) {
        this.server = server;
        this.routes = routes;
    }

    /**
     * Listens at exactly this address; port 0 selects a free port.
     *
     * @throws IOException if it cannot listen; the message names the address and the reason
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

    /** The JDK's server reads its limits only from system properties. */
    private static Map<String, Integer> limits() {
        return Map.of(
                "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
                "sun.net.httpserver.maxRspTime", RESPONSE_SECONDS,
                "jdk.httpserver.maxConnections", 4 * MAX_REQUESTS);
    }

    private static void limit(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Returns the address as host:port, with the actual port. */
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
            // the JDK's server then closes the connection
            throw new RejectedExecutionException(
                    "more than " + MAX_REQUESTS + " concurrent requests");
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

    /** Stops listening and aborts running requests. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
