package loom.dispatch.broker;

import loom.dispatch.runtime.RetryBackoff;
import loom.dispatch.runtime.Secret;

import java.util.List;
import java.util.Objects;

/**
 * The settings of the RabbitMQ connections, the declared topology and the publishing lanes.
 *
 * @param endpoints the servers, tried in turn; at least one
 * @param username AMQP user
 * @param password the user's password
 * @param tls whether to use TLS; the client verifies the certificate and the host name
 * @param trust the certificate authorities to trust
 * @param virtualHost AMQP virtual host, {@code /} by default
 * @param defaultQueue whether to declare the queue {@code gateway.recv} and bind it to all events.
 *     If RabbitMQ then returns an event because no queue is bound, the lane declares the topology
 *     again and publishes the event again
 * @param eventQueue arguments of {@code gateway.recv}
 * @param guildQueues number of queues {@code gateway.guild.N} that share the events by guild; 0 to
 *     256. Each queue has a single active consumer, so that this number of workers receives every
 *     guild's events in order
 * @param persistent whether to publish events with delivery mode 2
 * @param mandatory whether to count events that RabbitMQ returns because no queue is bound
 * @param windowMessages maximum messages in flight per lane, 1 to 65535
 * @param windowBytes maximum bytes of bodies in flight per lane; a single larger message is allowed
 * @param lanesPerConnection maximum lanes per connection, 1 to 256
 * @param heartbeatSeconds AMQP heartbeat, 1 to 3600 seconds; the client detects a silent peer after
 *     two heartbeats
 * @param connectTimeoutMillis timeout of the TCP connect and of the handshake
 * @param backoff delays between connection attempts
 */
public record BrokerConfig(
        List<Endpoint> endpoints,
        String username,
        Secret password,
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
        RetryBackoff backoff) {

    /** Rejects missing values and values out of range. */
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

    /** Returns a builder with the defaults: guest on 127.0.0.1:5672, virtual host {@code /}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a configuration; each method replaces a default. Used by one thread. */
    public static final class Builder {
        private List<Endpoint> endpoints = List.of(new Endpoint("127.0.0.1", 5672));
        private String username = "guest";
        private Secret password = new Secret("guest");
        private boolean tls;
        private TlsTrust trust = TlsTrust.ofJvm();
        private String virtualHost = "/";
        private boolean defaultQueue;
        private EventQueueArguments eventQueue = EventQueueArguments.PLAIN;
        private int guildQueues;
        private boolean persistent = true;
        private boolean mandatory;
        // More than 500 messages in flight do not raise a channel's throughput (measured). 8 MiB
        // holds 500 messages of 16 KiB; a usual event has 1 to 2 KiB.
        private int windowMessages = 500;
        private long windowBytes = 8L << 20;
        private int lanesPerConnection = 64;
        private int heartbeatSeconds = 10;
        private int connectTimeoutMillis = 10_000;
        private RetryBackoff backoff = new RetryBackoff(500, 15_000);

        private Builder() {}

        /** Sets a single server. */
        public Builder endpoint(String host, int port) {
            return endpoints(List.of(new Endpoint(host, port)));
        }

        /** Sets the nodes of a cluster, tried in turn. */
        public Builder endpoints(List<Endpoint> nodes) {
            endpoints = nodes;
            return this;
        }

        /** Sets the AMQP user and password. */
        public Builder credentials(String user, Secret secret) {
            username = user;
            password = secret;
            return this;
        }

        /** Sets endpoints, credentials, TLS and virtual host from an address. */
        public Builder uri(RabbitUri uri) {
            return endpoints(uri.endpoints())
                    .credentials(uri.username(), uri.password())
                    .tls(uri.tls())
                    .virtualHost(uri.virtualHost());
        }

        /** Sets whether to use TLS. */
        public Builder tls(boolean wanted) {
            tls = wanted;
            return this;
        }

        /** Sets the certificate authorities to trust. */
        public Builder trust(TlsTrust authorities) {
            trust = authorities;
            return this;
        }

        /** Sets the arguments of {@code gateway.recv}. */
        public Builder eventQueue(EventQueueArguments queue) {
            eventQueue = queue;
            return this;
        }

        /** Sets the number of queues that share the events by guild. */
        public Builder guildQueues(int queues) {
            guildQueues = queues;
            return this;
        }

        /** Sets the AMQP virtual host. */
        public Builder virtualHost(String name) {
            virtualHost = name;
            return this;
        }

        /** Sets whether to declare {@code gateway.recv}. */
        public Builder defaultQueue(boolean wanted) {
            defaultQueue = wanted;
            return this;
        }

        /** Sets whether events survive a restart of RabbitMQ. */
        public Builder persistent(boolean wanted) {
            persistent = wanted;
            return this;
        }

        /** Sets whether to count events that RabbitMQ returns because no queue is bound. */
        public Builder mandatory(boolean wanted) {
            mandatory = wanted;
            return this;
        }

        /** Sets the limits of messages and bytes in flight per lane. */
        public Builder window(int messages, long bytes) {
            windowMessages = messages;
            windowBytes = bytes;
            return this;
        }

        /** Sets the maximum number of lanes per connection. */
        public Builder lanesPerConnection(int lanes) {
            lanesPerConnection = lanes;
            return this;
        }

        /** Sets the AMQP heartbeat in seconds. */
        public Builder heartbeatSeconds(int seconds) {
            heartbeatSeconds = seconds;
            return this;
        }

        /** Sets the timeout of a connection attempt in milliseconds. */
        public Builder connectTimeoutMillis(int millis) {
            connectTimeoutMillis = millis;
            return this;
        }

        /** Sets the delays between connection attempts. */
        public Builder backoff(RetryBackoff waits) {
            backoff = waits;
            return this;
        }

        /** Validates the settings and returns the configuration. */
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
