package loom.dispatch.broker;

import loom.dispatch.runtime.Secret;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A RabbitMQ address: {@code amqp[s]://user:password@host:port,host:port/vhost}.
 *
 * <p>User, password and virtual host may be percent-encoded. The password may also contain
 * {@code @}, {@code /} or {@code %} unencoded, because the last {@code @} ends it.
 *
 * @param tls whether the scheme is {@code amqps}
 * @param endpoints the hosts in order; the default port is 5672, or 5671 with TLS
 * @param username the user, by default {@code guest}
 * @param password the password, by default {@code guest}
 * @param virtualHost the virtual host, by default {@code /}
 */
public record RabbitUri(
        boolean tls,
        List<Endpoint> endpoints,
        String username,
        Secret password,
        String virtualHost) {

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException if the address is invalid; the message does not contain the
     *     password
     */
    public static RabbitUri parse(String text) {
        boolean tls = text.startsWith("amqps://");
        if (!tls && !text.startsWith("amqp://")) {
            throw new IllegalArgumentException("does not begin with amqp:// or amqps://");
        }
        String rest = text.substring(tls ? 8 : 7);
        int at = rest.lastIndexOf('@');
        String login = at < 0 ? "guest:guest" : rest.substring(0, at);
        String location = rest.substring(at + 1);
        int slash = location.indexOf('/');
        String hosts = slash < 0 ? location : location.substring(0, slash);
        String vhost = slash < 0 ? "" : decode(location.substring(slash + 1));
        int colon = login.indexOf(':');
        return new RabbitUri(
                tls,
                endpoints(hosts, tls ? 5_671 : 5_672),
                decode(colon < 0 ? login : login.substring(0, colon)),
                new Secret(colon < 0 ? "" : decode(login.substring(colon + 1))),
                vhost.isEmpty() ? "/" : vhost);
    }

    private static List<Endpoint> endpoints(String hosts, int defaultPort) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            int colon = host.lastIndexOf(':');
            boolean hasPort = colon > host.lastIndexOf(']');
            String name = hasPort ? host.substring(0, colon) : host;
            endpoints.add(
                    new Endpoint(
                            name.startsWith("[") && name.endsWith("]")
                                    ? name.substring(1, name.length() - 1)
                                    : name,
                            hasPort ? port(host.substring(colon + 1)) : defaultPort));
        }
        return endpoints;
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException("port '" + text + "' is not a number", notOne);
        }
    }

    /** Decodes %XX. Returns the text unchanged if it contains an invalid percent sequence. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException bare) {
            return text;
        }
    }
}
