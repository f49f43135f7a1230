package loom.dispatch.broker;

import java.util.List;
import java.util.Objects;

/**
 * How to reach RabbitMQ and what to declare and keep there.
 *
 * @param endpoints where to connect, tried in turn; at least one
 * @param username AMQP user
 * @param password its password
 * @param tls whether the connection is encrypted; certificate and host name are verified
 * @param trust by whose authority
 * @param virtualHost AMQP virtual host, {@code /} by default
 * @param defaultQueue whether the queue {@code gateway.recv} is declared and bound to everything;
 *     then no event may be without a queue, and one that is, is published again once the topology
 *     is declared anew
 * @param eventQueue arguments of {@code gateway.recv}
 * @param guildQueues how many queues {@code gateway.guild.N} share the events by guild, 0 for none,
 *     at most 256; each lets one consumer at a time read, so that so many workers see every guild's
 *     events in order
 * @param persistent whether events are published with delivery mode 2
 * @param mandatory whether events without any queue are counted as returned
 * @param windowMessages most messages in flight in a lane, 1 to 65535
 * @param windowBytes most bytes of bodies in flight in a lane; a single larger message still passes
 * @param lanesPerConnection most lanes that share a connection, 1 to 256
 * @param heartbeatSeconds AMQP heartbeat, 1 to 3600 seconds; a silent peer is noticed after two
 * @param connectTimeoutMillis TCP and handshake limit of a connection attempt
 * @param backoff waits between attempts
 */
public record BrokerConfig(
        List<Endpoint> endpoints,
        String username,
        Password password,
        boolean tls,
        TlsTrust trust,
        String virtualHost,
        boolean defaultQueue,
        EventQueueArguments eventQueue,
        int guildQueues,
        boolean persistent,
        boolean mandatory,
        int windowMessages,
        long windowBytes,
        int lanesPerConnection,
        int heartbeatSeconds,
        int connectTimeoutMillis,
        Backoff backoff) {

    /** Refuses what no broker could be asked for. */
    public BrokerConfig {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no RabbitMQ host is given");
        }
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(trust, "trust");
        Objects.requireNonNull(virtualHost, "virtualHost");
        Objects.requireNonNull(eventQueue, "eventQueue");
        Objects.requireNonNull(backoff, "backoff");
        requireWithin("guild queues", guildQueues, 0, 256);
        requireWithin("window messages", windowMessages, 1, 65_535);
        requireWithin("window bytes", windowBytes, 1, 1L << 40);
        requireWithin("lanes per connection", lanesPerConnection, 1, 256);
        requireWithin("heartbeat seconds", heartbeatSeconds, 1, 3_600);
        requireWithin("connect timeout", connectTimeoutMillis, 1, 600_000);
    }

    private static void requireWithin(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " " + value + " is not within " + least + " to " + most);
        }
    }

    /** Starts from the defaults: guest on 127.0.0.1:5672, virtual host {@code /}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings; each method replaces a default. Owned by one thread. */
    public static final class Builder {
        private List<Endpoint> endpoints = List.of(new Endpoint("127.0.0.1", 5672));
        private String username = "guest";
        private Password password = new Password("guest");
        private boolean tls;
        private TlsTrust trust = TlsTrust.ofTheJvm();
        private String virtualHost = "/";
        private boolean defaultQueue;
        private EventQueueArguments eventQueue = EventQueueArguments.PLAIN;
        private int guildQueues;
        private boolean persistent = true;
        private boolean mandatory;
        // Above 500 in flight nothing is gained on one channel (measured); 8 MiB holds 500
        // messages of 16 KiB, far above the 1 to 2 KiB of the usual event.
        private int windowMessages = 500;
        private long windowBytes = 8L << 20;
        private int lanesPerConnection = 64;
        private int heartbeatSeconds = 10;
        private int connectTimeoutMillis = 10_000;
        private Backoff backoff = new Backoff(500, 15_000);

        private Builder() {}

        /** One broker. */
        public Builder endpoint(String host, int port) {
            return endpoints(List.of(new Endpoint(host, port)));
        }

        /** The nodes of a cluster, tried in turn. */
        public Builder endpoints(List<Endpoint> nodes) {
            endpoints = nodes;
            return this;
        }

        /** AMQP user and password. */
        public Builder credentials(String user, Password secret) {
            username = user;
            password = secret;
            return this;
        }

        /** Hosts, credentials, TLS and virtual host from one address. */
        public Builder uri(RabbitUri uri) {
            return endpoints(uri.endpoints())
                    .credentials(uri.username(), uri.password())
                    .tls(uri.tls())
                    .virtualHost(uri.virtualHost());
        }

        /** Whether to encrypt. */
        public Builder tls(boolean wanted) {
            tls = wanted;
            return this;
        }

        /** Whose certificates to believe. */
        public Builder trust(TlsTrust authorities) {
            trust = authorities;
            return this;
        }

        /** Arguments of {@code gateway.recv}. */
        public Builder eventQueue(EventQueueArguments queue) {
            eventQueue = queue;
            return this;
        }

        /** How many queues share the events by guild. */
        public Builder guildQueues(int queues) {
            guildQueues = queues;
            return this;
        }

        /** AMQP virtual host. */
        public Builder virtualHost(String name) {
            virtualHost = name;
            return this;
        }

        /** Whether {@code gateway.recv} is declared. */
        public Builder defaultQueue(boolean wanted) {
            defaultQueue = wanted;
            return this;
        }

        /** Whether events survive a restart of the broker. */
        public Builder persistent(boolean wanted) {
            persistent = wanted;
            return this;
        }

        /** Whether events without a queue are counted. */
        public Builder mandatory(boolean wanted) {
            mandatory = wanted;
            return this;
        }

        /** Bounds of what a lane may have in flight. */
        public Builder window(int messages, long bytes) {
            windowMessages = messages;
            windowBytes = bytes;
            return this;
        }

        /** Most lanes that share a connection. */
        public Builder lanesPerConnection(int lanes) {
            lanesPerConnection = lanes;
            return this;
        }

        /** AMQP heartbeat in seconds. */
        public Builder heartbeatSeconds(int seconds) {
            heartbeatSeconds = seconds;
            return this;
        }

        /** Limit of a connection attempt in milliseconds. */
        public Builder connectTimeoutMillis(int millis) {
            connectTimeoutMillis = millis;
            return this;
        }

        /** Waits between attempts. */
        public Builder backoff(Backoff waits) {
            backoff = waits;
            return this;
        }

        /** Validates and builds. */
        public BrokerConfig build() {
            return new BrokerConfig(
                    endpoints,
                    username,
                    password,
                    tls,
                    trust,
                    virtualHost,
                    defaultQueue,
                    eventQueue,
                    guildQueues,
                    persistent,
                    mandatory,
                    windowMessages,
                    windowBytes,
                    lanesPerConnection,
                    heartbeatSeconds,
                    connectTimeoutMillis,
                    backoff);
        }
    }
}
