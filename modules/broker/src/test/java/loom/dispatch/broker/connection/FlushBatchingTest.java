package loom.dispatch.broker.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.SocketFactory;

/** How often a connection to a real RabbitMQ writes to its socket. */
class FlushBatchingTest {
    private static final int MESSAGES = 200;
    private static final byte[] BODY = new byte[100];

    private final AtomicInteger writes = new AtomicInteger();
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private Connection connection;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        ConnectionFactory factory = FlushBatching.factory(tasks);
        factory.setUri(host.uri());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(0);
        factory.setSocketFactory(new Counting());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
        writes.set(0);
    }

    @AfterEach
    void disconnect() {
        connection.abort();
        tasks.close();
    }

    @Test
    void aRunIsWrittenInFewSystemCallsAndWhole() throws Exception {
        FlushBatching.during(connection, () -> publish(MESSAGES));
        int ofTheRun = writes.get();
        assertTrue(ofTheRun <= MESSAGES / 10, () -> ofTheRun + " writes");
        assertTrue(channel.waitForConfirms(10_000));
    }

    @Test
    void whatIsWrittenAloneGoesAtOnce() throws Exception {
        for (int i = 1; i <= 3; i++) {
            FlushBatching.during(connection, () -> publish(1));
            assertEquals(i, writes.get());
        }
        publish(1);
        assertEquals(4, writes.get());
        assertTrue(channel.waitForConfirms(10_000));
    }

    @Test
    void anotherThreadFlushesInTheMiddleOfARun() throws Exception {
        var confirmed = new CompletableFuture<Long>();
        channel.addConfirmListener((tag, _) -> confirmed.complete(tag), (tag, _) -> {});
        Channel other = connection.createChannel();
        writes.set(0);
        FlushBatching.during(
                connection,
                () -> {
                    publish(1);
                    assertEquals(0, writes.get());
                    tasks.submit(() -> publish(other, 1));
                    assertEquals(
                            1, confirmed.orTimeout(10, TimeUnit.SECONDS).join(), "it went along");
                });
    }

    private void publish(int messages) throws IOException {
        publish(channel, messages);
    }

    private static Void publish(Channel to, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            to.basicPublish("", "nowhere", null, BODY);
        }
        return null;
    }

    /** Sockets that count what is written to them. */
    private final class Counting extends SocketFactory {
        @Override
        public Socket createSocket() {
            return new Socket() {
                @Override
                public OutputStream getOutputStream() throws IOException {
                    return new FilterOutputStream(super.getOutputStream()) {
                        @Override
                        public void write(byte[] bytes, int from, int length) throws IOException {
                            writes.incrementAndGet();
                            out.write(bytes, from, length);
                        }
                    };
                }
            };
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Socket createSocket(InetAddress at, int port, InetAddress local, int localPort) {
            throw new UnsupportedOperationException();
        }
    }
}
