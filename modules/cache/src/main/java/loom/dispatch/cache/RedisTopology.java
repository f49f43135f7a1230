package loom.dispatch.cache;

import loom.dispatch.runtime.Secret;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The addresses of the Redis servers and their topology. */
public sealed interface RedisTopology {

    /** One server, reached by TCP. */
    record Standalone(Node node) implements RedisTopology {
        @Override
        public String toString() {
            return node.toString();
        }
    }

    /** One server, reached by a Unix domain socket. */
    record UnixSocket(Path path) implements RedisTopology {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A Redis Cluster. Any of these nodes tells the others. It has only database 0. */
    record Cluster(List<Node> nodes) implements RedisTopology {
        /** Refuses an empty list. */
        public Cluster {
            nodes = List.copyOf(nodes);
            if (nodes.isEmpty()) {
                throw new IllegalArgumentException("a Redis Cluster needs at least one node");
            }
        }

        @Override
        public String toString() {
            return "cluster " + joined(nodes);
        }
    }

    /**
     * A master that Sentinel monitors.
     *
     * @param nodes the Sentinels
     * @param master the name of the master
     * @param username the ACL user of the Sentinels, empty for their default user
     * @param password its password, {@link Secret#EMPTY} if there is none
     */
    record Sentinel(List<Node> nodes, String master, String username, Secret password)
            implements RedisTopology {
        /** Refuses an empty list and an empty name. */
        public Sentinel {
            Objects.requireNonNull(username);
            Objects.requireNonNull(password);
            nodes = List.copyOf(nodes);
            if (nodes.isEmpty() || master.isBlank()) {
                throw new IllegalArgumentException(
                        "Sentinel needs at least one node and the master's name");
            }
        }

        @Override
        public String toString() {
            return "sentinel " + joined(nodes) + " master " + master;
        }
    }

    /**
     * A host and its port.
     *
     * @param host name or address
     * @param port 1 to 65535
     */
    record Node(String host, int port) {
        /** Refuses an empty host and a port out of range. */
        public Node {
            if (host.isBlank()) {
                throw new IllegalArgumentException("the host of Redis is empty");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "the port of Redis must be 1 to 65535, not " + port);
            }
        }

        @Override
        public String toString() {
            return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    private static String joined(List<Node> nodes) {
        return nodes.stream().map(Node::toString).collect(Collectors.joining(","));
    }
}
