package loom.dispatch.cache;

import loom.dispatch.runtime.Secret;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the URI that names a Redis.
 *
 * <pre>
 * redis://[user[:password]@]host[:port][/database]             one server
 * rediss://…                                                   the same by TLS
 * unix://[user[:password]@]/path/to/socket[?db=N]              one server by a Unix socket
 * redis-cluster://[user[:password]@]host[:port][,host…]        a cluster (rediss-cluster: TLS)
 * redis-sentinel://[user[:password]@]host[:port][,host…]/master[/database][?sentinel=[user:]password]
 * </pre>
 *
 * User and password are percent-decoded; {@code :password@} is the default user's. Sentinels have
 * users of their own; those before the {@code @} are the master's.
 */
public final class RedisUri {
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    private RedisUri() {}

    /**
     * Parses a URI.
     *
     * @param text the URI
     * @return the configuration, with the default timeouts
     * @throws IllegalArgumentException with a message for the operator; it never contains the URI,
     *     which may contain a password
     */
    public static RedisConfig parse(String text) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            throw unusable("has no scheme such as redis://");
        }
        String scheme = text.substring(0, schemeEnd);
        String rest = text.substring(schemeEnd + 3);
        int at = rest.split("\\?", 2)[0].lastIndexOf('@');
        String place = rest.substring(at + 1);
        RedisConfig config =
                switch (scheme) {
                    case "redis" -> server(place);
                    case "rediss" -> server(place).withTls(true);
                    case "unix" -> socket(place);
                    case "redis-cluster" -> cluster(place);
                    case "rediss-cluster" -> cluster(place).withTls(true);
                    case "redis-sentinel" -> sentinel(place);
                    case "rediss-sentinel" -> sentinel(place).withTls(true);
                    default -> throw unusable("has an unknown scheme " + scheme);
                };
        return at < 0 ? config : withUser(config, rest.substring(0, at));
    }

    private static RedisConfig withUser(RedisConfig config, String user) {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String password = colon < 0 ? "" : user.substring(colon + 1);
        return config.withCredentials(decoded(name), new Secret(decoded(password)));
    }

    private static RedisConfig server(String place) {
        String[] parts = place.split("/", 2);
        RedisConfig config =
                RedisConfig.of(new RedisTopology.Standalone(node(parts[0], REDIS_PORT)));
        return parts.length < 2 ? config : withDatabase(config, parts[1]);
    }

    private static RedisConfig socket(String place) {
        String[] parts = place.split("\\?db=", 2);
        if (!parts[0].startsWith("/")) {
            throw unusable("names no absolute path of a socket");
        }
        RedisConfig config = RedisConfig.of(new RedisTopology.UnixSocket(Path.of(parts[0])));
        return parts.length < 2 ? config : withDatabase(config, parts[1]);
    }

    private static RedisConfig cluster(String place) {
        String[] parts = place.split("/", 2);
        RedisConfig config = RedisConfig.of(new RedisTopology.Cluster(nodes(parts[0], REDIS_PORT)));
        return parts.length < 2 ? config : withDatabase(config, parts[1]);
    }

    private static RedisConfig sentinel(String place) {
        String[] halves = place.split("\\?sentinel=", 2);
        String[] parts = halves[0].split("/", 3);
        if (parts.length < 2 || parts[1].isEmpty()) {
            throw unusable("names no master, as in redis-sentinel://host:26379/mymaster");
        }
        String own = halves.length < 2 ? "" : halves[1];
        int colon = own.indexOf(':');
        RedisConfig config =
                RedisConfig.of(
                        new RedisTopology.Sentinel(
                                nodes(parts[0], SENTINEL_PORT),
                                decoded(parts[1]),
                                colon < 0 ? "" : decoded(own.substring(0, colon)),
                                new Secret(decoded(own.substring(colon + 1)))));
        return parts.length < 3 ? config : withDatabase(config, parts[2]);
    }

    private static RedisConfig withDatabase(RedisConfig config, String number) {
        return number.isEmpty() ? config : config.withDatabase(integer("database", number));
    }

    private static List<RedisTopology.Node> nodes(String list, int defaultPort) {
        List<RedisTopology.Node> nodes = new ArrayList<>();
        for (String one : list.split(",")) {
            nodes.add(node(one, defaultPort));
        }
        return nodes;
    }

    private static RedisTopology.Node node(String text, int defaultPort) {
        int bracket = text.lastIndexOf(']');
        int colon = text.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? text : text.substring(0, colon);
        int port = colon < 0 ? defaultPort : integer("port", text.substring(colon + 1));
        boolean literal = host.startsWith("[") && host.endsWith("]");
        return new RedisTopology.Node(literal ? host.substring(1, host.length() - 1) : host, port);
    }

    private static int integer(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw unusable("has a " + name + " that is no number: " + text);
        }
    }

    private static String decoded(String text) {
        // URLDecoder would decode a plus sign as a space, which is right only in forms
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException unusable(String why) {
        return new IllegalArgumentException("the URI of Redis " + why);
    }
}
