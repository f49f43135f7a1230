package loom.dispatch.benchmarks.discord;

import loom.dispatch.simulator.TestCertificateAuthority;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A minimal Discord with the lowest possible cost. It serves {@code /gateway/bot}, accepts any
 * IDENTIFY, and replays a {@link CompressedTraffic} on every connection, optionally over TLS. The
 * simulator, which recorded the traffic, is the faithful one.
 */
public final class ReplayGateway implements AutoCloseable {
    /** The accept backlog: all shards may connect at once. */
    private static final int BACKLOG = 1024;

    private final ServerSocket api;
    private final ServerSocket gateway;
    private final boolean tls;
    private final int shards;
    private final RecordedTraffic recording;
    private final CompressedTraffic traffic;
    private final List<ReplayConnection> connected = new CopyOnWriteArrayList<>();
    private final SendTimes times;

    public ReplayGateway(
            int shards,
            RecordedTraffic recording,
            CompressedTraffic traffic,
            SendTimes times,
            Optional<TestCertificateAuthority> authority)
            throws IOException {
        this.shards = shards;
        this.recording = recording;
        this.traffic = traffic;
        this.times = times;
        tls = authority.isPresent();
        InetAddress here = InetAddress.getLoopbackAddress();
        api = new ServerSocket(0, BACKLOG, here);
        gateway =
                tls
                        ? authority
                                .get()
                                .serverContext()
                                .getServerSocketFactory()
                                .createServerSocket(0, BACKLOG, here)
                        : new ServerSocket(0, BACKLOG, here);
        Thread.ofPlatform().daemon().name("api").start(() -> accept(api));
        Thread.ofPlatform().daemon().name("gateway").start(() -> accept(gateway));
    }

    public String apiUrl() {
        return "http://127.0.0.1:" + api.getLocalPort() + "/api/v10";
    }

    /** Returns the shards with a session, in the order of their ids. */
    public List<ReplayConnection> shards() {
        return connected.stream()
                .sorted((one, other) -> Integer.compare(one.id(), other.id()))
                .toList();
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The run is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            List<String> head = head(in);
            if (head.getFirst().contains("/gateway/bot")) {
                answer(socket);
            } else {
                new ReplayConnection(socket, in, recording, traffic, times, connected::add)
                        .serve(head);
            }
        } catch (IOException gone) {
            // The image closed the connection.
        } finally {
            connected.removeIf(shard -> shard.uses(socket));
        }
    }

    private void answer(Socket socket) throws IOException {
        String body =
                """
                {"url":"%s://127.0.0.1:%d","shards":%d,"session_start_limit":{"total":100000,"remaining":100000,\
                "reset_after":14400000,"max_concurrency":%d}}\
                """
                        .formatted(tls ? "wss" : "ws", gateway.getLocalPort(), shards, shards);
        socket.getOutputStream()
                .write(
                        ("HTTP/1.1 200 OK\r\n"
                                        + "Content-Type: application/json\r\n"
                                        + "Connection: close\r\n"
                                        + "Content-Length: "
                                        + body.length()
                                        + "\r\n\r\n"
                                        + body)
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> head(BufferedInputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.append((char) next);
            } else if (line.toString().isBlank()) {
                return lines;
            } else {
                lines.add(line.toString().strip());
                line.setLength(0);
            }
        }
        throw new IOException("the request ends too early");
    }

    @Override
    public void close() throws IOException {
        api.close();
        gateway.close();
    }
}
