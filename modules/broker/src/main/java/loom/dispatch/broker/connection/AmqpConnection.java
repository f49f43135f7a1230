package loom.dispatch.broker.connection;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.Endpoint;
import loom.dispatch.broker.TlsTrust;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One AMQP connection. It never reconnects by itself.
 *
 * <p>Immutable. It holds the socket too: only closing the socket ends a thread that is blocked in a
 * write to a server that no longer reads.
 */
record AmqpConnection(Connection connection, Socket socket, Endpoint endpoint) {
    /** The longest wait for the answer to a declare or open; a loaded RabbitMQ may be slow. */
    private static final int RPC_MILLIS = 60_000;

    /** The longest orderly close. After it the socket is closed. */
    private static final int CLOSE_MILLIS = 2_000;

    static AmqpConnection open(
            BrokerConfig config, Endpoint endpoint, String name, ExecutorService tasks)
            throws IOException {
        AtomicReference<Socket> socket = new AtomicReference<>();
        ConnectionFactory factory = factory(config, endpoint, tasks);
        factory.setSocketConfigurator(made -> {
            SocketConfigurators.defaultConfigurator().configure(made);
            socket.set(made);
        });
        try {
            Connection connection =
                    factory.newConnection(
                            List.of(new Address(endpoint.host(), endpoint.port())), name);
            return new AmqpConnection(connection, socket.get(), endpoint);
        } catch (TimeoutException slow) {
            throw new IOException("no answer within the connect timeout", slow);
        }
    }

    private static ConnectionFactory factory(
            BrokerConfig config, Endpoint endpoint, ExecutorService tasks) {
        ConnectionFactory factory = FlushBatching.factory(tasks);
        factory.setHost(endpoint.host());
        factory.setPort(endpoint.port());
        factory.setUsername(config.username());
        factory.setPassword(config.password().reveal());
        factory.setVirtualHost(config.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setRequestedHeartbeat(config.heartbeatSeconds());
        factory.setConnectionTimeout(config.connectTimeoutMillis());
        factory.setHandshakeTimeout(config.connectTimeoutMillis());
        factory.setChannelRpcTimeout(RPC_MILLIS);
        factory.setShutdownTimeout(CLOSE_MILLIS);
        factory.setExceptionHandler(new ClientExceptionHandler());
        // Platform threads: there are few, and their reads have a timeout, which wakes the delay
        // scheduler twice for a virtual thread and not at all for a platform thread.
        factory.setThreadFactory(Thread.ofPlatform().daemon().name("rabbit-io").factory());
        if (config.tls()) {
            encrypt(factory, config.trust());
        }
        factory.setSharedExecutor(tasks);
        factory.setShutdownExecutor(tasks);
        return factory;
    }

    private static void encrypt(ConnectionFactory factory, TlsTrust trust) {
        try {
            factory.useSslProtocol(trust.context());
            factory.enableHostnameVerification();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java runtime has no TLS", impossible);
        }
    }

    /** Returns the number of channels that RabbitMQ allows on it. */
    int channels() {
        int most = connection.getChannelMax();
        return most == 0 ? 65_535 : most;
    }

    /** Checks that this number of lanes fits beside the channel that declares the topology. */
    void requireChannels(int lanes) throws IOException {
        if (channels() < lanes + 1) {
            throw new IOException(
                    "channel_max %d is too small for the %d lanes of this connection"
                            .formatted(channels(), lanes));
        }
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Returns why it ended. */
    ConnectionFailure end() {
        ShutdownSignalException reason = connection.getCloseReason();
        return reason == null
                ? new ConnectionFailure.Unreachable("closed")
                : ConnectionFailure.of(reason);
    }

    /**
     * Closes it in order, for a bounded time, and then cuts it. The orderly close has a thread of
     * its own, because it waits behind a write to a server that does not read.
     */
    void close() throws InterruptedException {
        Thread closing = Thread.startVirtualThread(() -> connection.abort(CLOSE_MILLIS));
        closing.join(Duration.ofMillis(CLOSE_MILLIS));
        cut();
    }

    /** Closes the socket at once, which also ends every blocked write. */
    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedAlready) {
            // nothing is left to close
        }
        connection.abort(CLOSE_MILLIS);
    }
}
