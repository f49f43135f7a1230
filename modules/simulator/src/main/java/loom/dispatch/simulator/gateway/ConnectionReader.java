package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.GatewayCloseCode;
import loom.dispatch.simulator.wire.HttpRequest;
import loom.dispatch.simulator.wire.HttpResponse;
import loom.dispatch.simulator.wire.MessageEncoder;
import loom.dispatch.simulator.wire.WebSocketFrameReader;
import loom.dispatch.simulator.wire.ZstdMessageEncoder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads and handles the messages of one gateway connection, from the upgrade until the socket
 * closes. It runs on the connection's own virtual thread.
 */
public final class ConnectionReader {
    private static final Set<String> VERSIONS = Set.of("9", "10");

    private static final long READING_CHECK_NANOS = 5_000_000;

    private final Socket socket;
    private final WebSocketFrameReader in;
    private final ConnectionWriter connection;
    private final SimulatedGateway gateway;
    private final ClientMessageHandler messages;
    private final FaultState faults;
    private boolean ended;

    private ConnectionReader(
            Socket socket,
            BufferedInputStream in,
            ConnectionWriter connection,
            ConnectionContext context,
            ClientMessageHandler messages) {
        this.socket = socket;
        this.in = new WebSocketFrameReader(in);
        this.connection = connection;
        this.gateway = context.gateway();
        this.faults = context.faults();
        this.messages = messages;
    }

    /** Serves an upgraded socket until it is closed. */
    public static void serve(
            HttpRequest request,
            Socket socket,
            BufferedInputStream in,
            boolean resumeUrl,
            ConnectionContext context)
            throws IOException {
        int refusal = context.faults().resumeUrlStatus;
        if (resumeUrl && refusal != 0) {
            HttpResponse.text(refusal, "Simulated.").write(socket.getOutputStream());
            return;
        }
        handshake(request, socket);
        SimulatorConfig config = context.config();
        Map<String, String> query = request.parameters();
        long interval = config.heartbeatInterval().toNanos();
        ClientActionRecorder.Connection record =
                context.recorder().open(resumeUrl, request, interval);
        Optional<MessageEncoder> encoder = encoder(query.get("compress"));
        ConnectionWriter connection =
                new ConnectionWriter(
                        socket,
                        encoder.orElseGet(MessageEncoder.Plain::new),
                        record,
                        context.faults());
        ClientMessageHandler messages =
                new ClientMessageHandler(
                        connection,
                        context.gateway(),
                        config,
                        context.faults(),
                        context.requests());
        ConnectionReader client = new ConnectionReader(socket, in, connection, context, messages);
        Thread.ofVirtual().name("simulator-writer").start(connection::writeUntilClosed);
        context.gateway().opened(connection);
        try {
            if (resumeUrl && context.faults().resumeUrlHangs) {
                client.readUntilClosed();
            } else if (!VERSIONS.contains(query.getOrDefault("v", "6"))) {
                connection.close(GatewayCloseCode.INVALID_VERSION);
                client.readUntilClosed();
            } else if (!"json".equals(query.getOrDefault("encoding", "json"))
                    || encoder.isEmpty()) {
                connection.close(GatewayCloseCode.DECODE_ERROR);
                client.readUntilClosed();
            } else {
                messages.hello(() -> context.handshakes().ended(socket));
                client.readUntilClosed();
            }
        } finally {
            record.closed();
            context.gateway().closed(connection, client.ended);
            connection.cut();
        }
    }

    private static Optional<MessageEncoder> encoder(String compress) {
        return switch (compress) {
            case null -> Optional.of(new MessageEncoder.Plain());
            case "zlib-stream" -> Optional.of(new MessageEncoder.ZlibStream());
            case "zstd-stream" -> Optional.of(new ZstdMessageEncoder());
            default -> Optional.empty();
        };
    }

    private void readUntilClosed() throws IOException {
        while (true) {
            WebSocketFrameReader.Message next = in.next();
            awaitReading();
            switch (next) {
                case WebSocketFrameReader.Message.Content content -> {
                    if (!connection.closing()) {
                        messages.take(content.bytes());
                    }
                }
                case WebSocketFrameReader.Message.Ping ping -> connection.pong(ping.bytes());
                case WebSocketFrameReader.Message.Pong pong -> {}
                case WebSocketFrameReader.Message.Close close -> {
                    closed(close.code());
                    return;
                }
            }
        }
    }

    /** Stops reading while the fault {@code stopReading} is on. */
    private void awaitReading() {
        while (faults.readingStopped && !socket.isClosed()) {
            LockSupport.parkNanos(READING_CHECK_NANOS);
        }
    }

    /**
     * Ends the session if the client began the close with 1000 or 1001. A reply to the simulator's
     * own close frame does not count.
     */
    private void closed(int code) {
        if (connection.closing()) {
            return;
        }
        connection.record().clientClosed(code);
        ended = code == 1000 || code == 1001;
        if (ended) {
            gateway.closed(connection, true);
        }
        connection.close(code == 1005 ? 1000 : code, "");
        awaitEnd();
    }

    /** Waits until the client closes its socket. The connection's close grace bounds the wait. */
    private void awaitEnd() {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The socket was reset or closed, which ends the wait.
            connection.cut();
        }
    }

    private static void handshake(HttpRequest request, Socket socket) throws IOException {
        String key = request.header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(key.getBytes(StandardCharsets.US_ASCII));
            String answer =
                    "HTTP/1.1 101 Switching Protocols\r\n"
                            + "Upgrade: websocket\r\n"
                            + "Connection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: "
                            + Base64.getEncoder().encodeToString(hash)
                            + "\r\n\r\n";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
