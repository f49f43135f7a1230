package loom.dispatch.servers.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;

/** Tests each fault with a client and an echo server. */
final class FaultProxyTest {
    private static final int TIMEOUT_MILLIS = 5_000;

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = new FaultProxy("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> echoTo(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echoTo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException reset) {
            return;
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(proxy.host(), proxy.port()), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        Eventually.await("a connection through the proxy", () -> proxy.connections() > 0);
        return socket;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void assertEchoes(Socket socket, byte[] sent) throws IOException {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        socket.getOutputStream().write(sent);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
        assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
    }

    @Test
    void passesEveryByteInOrder() throws IOException {
        try (var socket = connect()) {
            assertEchoes(socket, bytes(3_000_000));
        }
        Eventually.await("the end of the connection", () -> proxy.connections() == 0);
    }

    @Test
    void delaysBothDirectionsAndKeepsOrder() throws IOException {
        proxy.delay(Duration.ofMillis(40), Duration.ofMillis(20));
        try (var socket = connect()) {
            long start = System.nanoTime();
            assertEchoes(socket, bytes(200_000));
            assertTrue(System.nanoTime() - start >= Duration.ofMillis(80).toNanos());
        }
    }

    @Test
    void limitsBandwidth() throws IOException {
        proxy.bandwidth(1_000_000);
        try (var socket = connect()) {
            long start = System.nanoTime();
            assertEchoes(socket, bytes(300_000));
            // the proxy waits after every chunk but the last
            assertTrue(System.nanoTime() - start >= Duration.ofMillis(270).toNanos());
        }
    }

    @Test
    void stallLosesNoBytes() throws IOException {
        try (var socket = connect()) {
            assertEchoes(socket, bytes(10));
            proxy.stall(TrafficDirection.TO_CLIENT);
            byte[] sent = bytes(100);
            socket.getOutputStream().write(sent);
            socket.setSoTimeout(200);
            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(TIMEOUT_MILLIS);
            proxy.flow(TrafficDirection.TO_CLIENT);
            assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
        }
    }

    @Test
    void stallBlocksSender() throws IOException {
        proxy.stall(TrafficDirection.TO_SERVER);
        try (var socket = connect()) {
            int huge = 64 * 1024 * 1024;
            Thread writer =
                    Thread.ofVirtual()
                            .start(() ->
                                    assertThrows(
                                            IOException.class,
                                            () -> socket.getOutputStream().write(new byte[huge])));
            Eventually.await("a blocked writer", () -> writer.getState() == Thread.State.WAITING);
            assertEquals(1, proxy.connections());
            proxy.reset();
        }
    }

    @Test
    void cutsConnectionAfterGivenNumberOfBytes() throws IOException {
        try (var socket = connect()) {
            proxy.cutAfter(TrafficDirection.TO_CLIENT, 1_234);
            socket.getOutputStream().write(bytes(5_000));
            var received = new java.io.ByteArrayOutputStream();
            assertThrows(SocketException.class, () -> socket.getInputStream().transferTo(received));
            assertEquals(1_234, received.size());
        }
        try (var next = connect()) {
            assertEchoes(next, bytes(5_000));
        }
    }

    @Test
    void endsConnectionsWithResetOrFin() throws IOException {
        try (var socket = connect()) {
            assertEchoes(socket, bytes(10));
            proxy.reset();
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
        try (var socket = connect()) {
            assertEchoes(socket, bytes(10));
            proxy.finish();
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    @Test
    void refusesThenAcceptsOnSamePort() throws IOException {
        int port = proxy.port();
        try (var open = connect()) {
            proxy.refuse();
            assertThrows(IOException.class, this::connect);
            assertEchoes(open, bytes(10));
            proxy.accept();
            assertEquals(port, proxy.port());
            try (var next = connect()) {
                assertEchoes(next, bytes(10));
            }
        }
    }
}
