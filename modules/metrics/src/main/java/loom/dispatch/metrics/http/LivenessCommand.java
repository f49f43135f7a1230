package loom.dispatch.metrics.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A program that asks the service in the same container whether it is live: for a HEALTHCHECK where
 * there is no shell and no curl. Exits with 0 if so, else with 1 and a line that says what it
 * heard.
 *
 * <p>A plain socket, for it runs twice a minute and an HTTP client would be most of its cost.
 */
final class LivenessCommand {
    private static final int PATIENCE_MILLIS = 3000;

    private LivenessCommand() {}

    /**
     * Asks at PROMETHEUS_HOST and PROMETHEUS_PORT of the container's environment; a .env file in
     * the container is not read.
     *
     * @param args the path, or nothing for {@code /livez}
     */
    static void main(String[] args) {
        String path = args.length == 0 ? "/livez" : args[0];
        String answer = ask(address(System.getenv()), path);
        System.out.println(answer);
        System.exit(answer.startsWith("HTTP/1.1 200") ? 0 : 1);
    }

    /** Where the service listens; for all addresses, loopback is one of them. */
    static InetSocketAddress address(Map<String, String> environment) {
        String host = environment.getOrDefault("PROMETHEUS_HOST", "127.0.0.1").strip();
        String port = environment.getOrDefault("PROMETHEUS_PORT", "8005").strip();
        String reachable =
                switch (host) {
                    case "", "0.0.0.0" -> "127.0.0.1";
                    case "::", "[::]" -> "::1";
                    default -> host;
                };
        return new InetSocketAddress(reachable, port.isEmpty() ? 8005 : Integer.parseInt(port));
    }

    /** The first line of the answer, or why there is none. */
    static String ask(InetSocketAddress address, String path) {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(64);
            return new String(head, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
        } catch (IOException e) {
            return "no answer from " + address + ": " + e.getMessage();
        }
    }
}
