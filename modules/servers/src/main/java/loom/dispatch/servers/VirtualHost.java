package loom.dispatch.servers;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The address and credentials of one virtual host of a broker. */
public record VirtualHost(String host, int port, String user, String password, String name) {
    /** The {@code amqp://} URI, with every part percent-encoded. */
    public URI uri() {
        return URI.create(
                "amqp://%s:%s@%s:%d/%s"
                        .formatted(encode(user), encode(password), host, port, encode(name)));
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
