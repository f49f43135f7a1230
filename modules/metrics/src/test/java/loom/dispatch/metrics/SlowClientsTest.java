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

/** Tests that the endpoint disconnects clients that never finish their requests. */
final class SlowClientsTest {
    /** Twice the number of requests that the endpoint handles at a time. */
    private static final int CLIENTS = 128;

    @Test
    void silentClientsAreDisconnectedAndProbesAreAnsweredAgain() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (var endpoint =
                HttpEndpoint.start(
                        new InetSocketAddress("127.0.0.1", 0),
                        SampleSnapshots.metricsOnly(new Metrics()))) {
            int port = Integer.parseInt(endpoint.address().split(":")[1]);
            for (int i = 0; i < CLIENTS; i++) {
                var socket = new Socket("127.0.0.1", port);
                socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
                clients.add(socket);
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            String answer = "";
            while (!answer.startsWith("HTTP/1.1 200")) {
                assertTrue(System.nanoTime() < deadline, "probes stay unanswered");
                answer = probe(port);
            }
            for (Socket socket : clients) {
                assertEquals(-1, end(socket), "a silent client is still connected");
            }
        } finally {
            for (Socket socket : clients) {
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
            // rejected: the caller retries until its deadline
            return "";
        }
    }

    private static int end(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            return socket.getInputStream().read();
        } catch (SocketException _) {
            // a reset by the server also ends the connection
            return -1;
        }
    }
}
