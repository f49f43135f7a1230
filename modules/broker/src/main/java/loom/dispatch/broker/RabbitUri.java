package loom.dispatch.broker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker's address in one text: {@code amqp[s]://user:password@host:port,host:port/vhost}.
 *
 * <p>User, password and virtual host may be percent-encoded. A password that contains {@code @},
 * {@code /} or {@code %} unencoded is understood as well: the last {@code @} ends it.
 *
 * @param tls whether it is {@code amqps}
 * @param endpoints the hosts in their order; the port is 5672, or 5671 with TLS, unless given
 * @param username {@code guest} unless given
 * @param password {@code guest} unless given
 * @param virtualHost {@code /} unless given
 */
public record RabbitUri(
        boolean tls,
        List<Endpoint> endpoints,
        String username,
        Password password,
        String virtualHost) {

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException saying what is wrong, without the password
     */
    public static RabbitUri parse(String text) {
        boolean tls = text.startsWith("amqps://");
        if (!tls && !text.startsWith("amqp://")) {
            throw new IllegalArgumentException("does not begin with amqp:// or amqps://");
        }
        String rest = text.substring(tls ? 8 : 7);
        int at = rest.lastIndexOf('@');
        String login = at < 0 ? "guest:guest" : rest.substring(0, at);
        String place = rest.substring(at + 1);
        int slash = place.indexOf('/');
        String hosts = slash < 0 ? place : place.substring(0, slash);
        String vhost = slash < 0 ? "" : decode(place.substring(slash + 1));
        int colon = login.indexOf(':');
        return new RabbitUri(
                tls,
                endpoints(hosts, tls ? 5_671 : 5_672),
                decode(colon < 0 ? login : login.substring(0, colon)),
                new Password(colon < 0 ? "" : decode(login.substring(colon + 1))),
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
            throw new IllegalArgumentException("port '" + text + "' is no number", notOne);
        }
    }

    /** Decodes %XX; a text with a bare percent sign is taken as it is. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException bare) {
            return text;
        }
    }
}
