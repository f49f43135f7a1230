package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that never finish their requests cost a bounded amount for a bounded time. */
final class SlowClientsTest {
    /** Twice the bound of requests at work. */
    private static final int CROWD = 128;

    @Test
    void aCrowdOfSilentClientsIsCutOffAndProbesAreAnsweredAgain() throws Exception {
        List<Socket> crowd = new ArrayList<>();
        try (var endpoint =
                HttpEndpoint.start(new InetSocketAddress("127.0.0.1", 0), new Metrics())) {
            int port = Integer.parseInt(endpoint.address().split(":")[1]);
            for (int i = 0; i < CROWD; i++) {
                var socket = new Socket("127.0.0.1", port);
                socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
                crowd.add(socket);
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String answer = "";
            while (!answer.startsWith("HTTP/1.1 200")) {
                assertTrue(System.nanoTime() < deadline, "probes stay unanswered");
                answer = probe(port);
            }
            for (Socket socket : crowd) {
                assertEquals(-1, end(socket), "a silent client is still connected");
            }
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
    }

    private static String probe(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(1000);
            String request = "GET /healthcheck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException _) {
            // turned away: the caller tries again until its deadline
            return "";
        }
    }

    private static int end(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().read();
        } catch (SocketException _) {
            // reset by the server: just as gone
            return -1;
        }
    }
}
