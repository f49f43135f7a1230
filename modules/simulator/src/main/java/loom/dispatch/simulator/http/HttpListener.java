package loom.dispatch.simulator.http;

import loom.dispatch.simulator.gateway.OpenHandshakes;
import loom.dispatch.simulator.wire.HttpRequest;
import loom.dispatch.simulator.wire.HttpResponse;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Accepts connections on one port of 127.0.0.1, each on its own virtual thread. It answers requests
 * until the client requests a WebSocket, and then hands the socket over.
 */
public final class HttpListener implements AutoCloseable {
    /** Serves an upgraded socket until it closes. */
    @FunctionalInterface
    public interface Upgrade {
        void take(HttpRequest request, Socket socket, BufferedInputStream in) throws IOException;
    }

    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");

    /** The accept backlog: a fleet of 1,024 shards may connect at the same moment. */
    private static final int BACKLOG = 4_096;

    private final ServerSocket server = new ServerSocket();
    private final OpenHandshakes handshakes;
    private final BooleanSupplier refuses;
    private final Function<HttpRequest, HttpResponse> answers;
    private final Upgrade upgrade;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public HttpListener(
            int port,
            OpenHandshakes handshakes,
            BooleanSupplier refuses,
            Function<HttpRequest, HttpResponse> answers,
            Upgrade upgrade)
            throws IOException {
        this.handshakes = handshakes;
        this.refuses = refuses;
        this.answers = answers;
        this.upgrade = upgrade;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    }

    public void start() {
        Thread.ofVirtual().name("simulator-accept").start(this::acceptUntilClosed);
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void acceptUntilClosed() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                if (refuses.getAsBoolean()) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                    continue;
                }
                socket.setTcpNoDelay(true);
                open.add(socket);
                handshakes.began(socket);
                Thread.ofVirtual().name("simulator-client").start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.log(Level.WARNING, "listener.accept_failed", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
            for (Optional<HttpRequest> next = HttpRequest.read(in);
                    next.isPresent();
                    next = HttpRequest.read(in)) {
                HttpRequest request = next.get();
                if (request.header("upgrade").equalsIgnoreCase("websocket")) {
                    upgrade.take(request, socket, in);
                    return;
                }
                handshakes.ended(socket);
                answers.apply(request).write(socket.getOutputStream());
            }
        } catch (IOException | NumberFormatException e) {
            LOG.log(Level.DEBUG, "client.failed reason=\"{0}\"", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "client.handler_failed", e);
        } finally {
            open.remove(socket);
            handshakes.ended(socket);
        }
    }
}
