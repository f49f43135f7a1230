package loom.dispatch.benchmarks.load;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import loom.dispatch.servers.RabbitServer;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Consumes the event queue with PerfTest's settings. */
final class QueueConsumer implements Closeable {
    static final int PREFETCH = 500;
    static final int ACK_EVERY = 50;

    private final Connection connection;

    QueueConsumer(RabbitServer rabbit, ConsumedEvents arrivals)
            throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        connection = factory.newConnection("bench-consumer");
        Channel channel = connection.createChannel();
        // An earlier run's consumer left unacknowledged messages. The recording has not started
        // yet.
        channel.queuePurge("gateway.recv");
        channel.basicQos(PREFETCH);
        channel.basicConsume("gateway.recv", false, new Reader(channel, arrivals));
    }

    @Override
    public void close() {
        connection.abort();
    }

    /** Owned by the AMQP client's thread. */
    private static final class Reader extends DefaultConsumer {
        private final ConsumedEvents arrivals;
        private int unacknowledged;

        Reader(Channel channel, ConsumedEvents arrivals) {
            super(channel);
            this.arrivals = arrivals;
        }

        @Override
        public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            long now = System.nanoTime();
            Map<String, Object> headers = properties.getHeaders();
            int shard = ((Number) headers.get("shard")).intValue();
            arrivals.count(shard, ((Number) headers.get("seq")).intValue(), now);
            if (++unacknowledged == ACK_EVERY) {
                unacknowledged = 0;
                getChannel().basicAck(envelope.getDeliveryTag(), true);
            }
        }
    }
}
