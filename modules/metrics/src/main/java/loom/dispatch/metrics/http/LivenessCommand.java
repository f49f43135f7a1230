package loom.dispatch.metrics.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A command-line program for the container's HEALTHCHECK: requests {@code /livez} from the service.
 * The image has neither a shell nor curl.
 *
 * <p>It prints the status line of the response. The exit code is 0 for status 200, else 1.
 *
 * <p>It uses a plain socket. It runs twice a minute, and loading an HTTP client would take most of
 * its time.
 */
final class LivenessCommand {
    private static final int TIMEOUT_MILLIS = 3000;

    private LivenessCommand() {}

    /**
     * Sends the request to PROMETHEUS_HOST and PROMETHEUS_PORT from the container's environment. It
     * does not read a .env file.
     *
     * @param args the path to request; without arguments {@code /livez}
     */
    static void main(String[] args) {
        String path = args.length == 0 ? "/livez" : args[0];
        String answer = ask(address(System.getenv()), path);
        System.out.println(answer);
        System.exit(answer.startsWith("HTTP/1.1 200") ? 0 : 1);
    }

    /** The address to connect to; loopback if the service listens on all addresses. */
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

    /** The status line of the response, or the reason why there is none. */
    static String ask(InetSocketAddress address, String path) {
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(64);
            return new String(head, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
        } catch (IOException e) {
            return "no answer from " + address + ": " + e.getMessage();
        }
    }
}
