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
 * One AMQP connection from its making to its end; it never recovers itself.
 *
 * <p>Immutable. The socket is kept beside the connection because only closing it ends a thread that
 * is blocked in a write to a peer that no longer reads.
 */
record AmqpConnection(Connection connection, Socket socket, Endpoint endpoint) {
    /** Longest wait for the answer to a declare or open: a loaded broker is slow, not dead. */
    private static final int RPC_MILLIS = 60_000;

    /** Longest goodbye; after it the socket is simply closed. */
    private static final int GOODBYE_MILLIS = 2_000;

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
        factory.setShutdownTimeout(GOODBYE_MILLIS);
        factory.setExceptionHandler(new ClientExceptionHandler());
        // Few, and their reads have a timeout: each read of a virtual thread would wake the poller,
        // another virtual thread and the scheduler of delays, of a platform thread nobody.
        // The client names each itself, and a counted name would first have to be linked.
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

    /** How many channels the broker allows on it. */
    int channels() {
        int most = connection.getChannelMax();
        return most == 0 ? 65_535 : most;
    }

    /** Makes sure that so many lanes fit, beside the channel that declares. */
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

    /** Why it ended. */
    ConnectionFailure end() {
        ShutdownSignalException reason = connection.getCloseReason();
        return reason == null
                ? new ConnectionFailure.Unreachable("closed")
                : ConnectionFailure.of(reason);
    }

    /**
     * Says goodbye, for a bounded time, and ends it. The goodbye has a thread of its own because it
     * waits behind a write to a broker that does not read.
     */
    void close() throws InterruptedException {
        Thread goodbye = Thread.startVirtualThread(() -> connection.abort(GOODBYE_MILLIS));
        goodbye.join(Duration.ofMillis(GOODBYE_MILLIS));
        cut();
    }

    /** Ends it at once, and with it every write that is blocked on it. */
    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closedAlready) {
            // which is what was wanted
        }
        connection.abort(GOODBYE_MILLIS);
    }
}
