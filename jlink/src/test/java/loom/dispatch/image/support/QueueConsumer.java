package loom.dispatch.image.support;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.LedgerCheck;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Consumes {@code gateway.recv} and passes each event to the check. Reconnects after an outage of
 * RabbitMQ. The consumer thread of the client library calls the check.
 */
final class QueueConsumer implements AutoCloseable {
    private static final String QUEUE = "gateway.recv";
    private static final long RETRY_NANOS = 100_000_000;

    private final ConnectionFactory factory = new ConnectionFactory();
    private final LedgerCheck check;
    private final Map<String, Object> arguments;
    private final Thread keeper;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Starts to consume with these consumer arguments. */
    QueueConsumer(VirtualHost host, LedgerCheck check, Map<String, Object> arguments) {
        this.check = check;
        this.arguments = arguments;
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        factory.setAutomaticRecoveryEnabled(false);
        keeper = Thread.ofPlatform().daemon().name("queue-reader").start(this::keepReading);
    }

    /** Returns the failure of the consumer itself, or null. */
    Throwable failure() {
        return failure.get();
    }

    private void keepReading() {
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = factory.newConnection()) {
                read(connection);
            } catch (IOException | TimeoutException | ShutdownSignalException _) {
                // RabbitMQ is not available, or the queue does not exist yet
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void read(Connection connection) throws IOException, InterruptedException {
        var closed = new CountDownLatch(1);
        Channel channel = connection.createChannel();
        channel.addShutdownListener(_ -> closed.countDown());
        channel.basicQos(1000);
        channel.basicConsume(QUEUE, false, "", false, false, arguments, new Checker(channel));
        closed.await();
    }

    private final class Checker extends DefaultConsumer {
        private Checker(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            try {
                String type = envelope.getRoutingKey();
                check.received(
                        ((Number) properties.getHeaders().get("shard")).intValue(),
                        properties.getMessageId(),
                        type,
                        data(type, body),
                        System.nanoTime());
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
            getChannel().basicAck(envelope.getDeliveryTag(), false);
        }
    }

    /** Returns the bytes of d. The body is exactly {"op":0,"t":"TYPE","d":DATA}. */
    private static byte[] data(String type, byte[] body) {
        int start = "{\"op\":0,\"t\":\"".length() + type.length() + "\",\"d\":".length();
        return Arrays.copyOfRange(body, start, body.length - 1);
    }

    @Override
    public void close() {
        keeper.interrupt();
    }
}
