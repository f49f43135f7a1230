package loom.dispatch.demo.scene;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Consumes the published events, as a bot would. The AMQP client's thread counts the messages and
 * passes them on. Any thread may read the counts.
 */
final class EventConsumer implements AutoCloseable {
    /** Receives every message, on the AMQP client's thread. */
    interface Listener {
        void received(AMQP.BasicProperties properties, String type, byte[] body);
    }

    private static final String EXCHANGE = "gateway";
    private static final String QUEUE = "gateway.recv";

    private final Connection connection;
    private final LongAdder received = new LongAdder();
    private volatile String latest = "";

    private EventConsumer(ConnectionFactory factory) throws IOException, TimeoutException {
        connection = factory.newConnection("loom-dispatch demo");
    }

    /** Consumes all messages of {@code gateway.recv}, for a broker that only the demo uses. */
    static EventConsumer consuming(ConnectionFactory factory, Listener listener)
            throws IOException, TimeoutException {
        var consumer = new EventConsumer(factory);
        Channel channel = consumer.connection.createChannel();
        channel.queueDeclare(QUEUE, true, false, false, null);
        consumer.consume(channel, QUEUE, listener);
        return consumer;
    }

    /**
     * Consumes copies through its own exclusive queue, so that other consumers miss no message.
     *
     * @throws IOException also while the exchange does not exist yet
     */
    static EventConsumer observing(ConnectionFactory factory, Listener listener)
            throws IOException, TimeoutException {
        var consumer = new EventConsumer(factory);
        try {
            Channel channel = consumer.connection.createChannel();
            channel.exchangeDeclarePassive(EXCHANGE);
            String own = channel.queueDeclare().getQueue();
            channel.queueBind(own, EXCHANGE, "#");
            consumer.consume(channel, own, listener);
            return consumer;
        } catch (IOException e) {
            consumer.close();
            throw e;
        }
    }

    private void consume(Channel channel, String queue, Listener listener) throws IOException {
        channel.basicConsume(
                queue,
                true,
                new DefaultConsumer(channel) {
                    @Override
                    public void handleDelivery(
                            String tag,
                            Envelope envelope,
                            AMQP.BasicProperties properties,
                            byte[] body) {
                        received.increment();
                        latest = envelope.getRoutingKey();
                        listener.received(properties, envelope.getRoutingKey(), body);
                    }
                });
    }

    /** Returns the number of messages that arrived. */
    long received() {
        return received.sum();
    }

    /** Returns the type of the event that arrived last. */
    String latest() {
        return latest;
    }

    @Override
    public void close() {
        connection.abort();
    }
}
