package loom.dispatch.benchmarks;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import loom.dispatch.servers.RabbitServer;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Consumes as PerfTest does, and checks each shard's order. Its fields belong to the client's
 * thread but for the counters and the histogram's phase, which the main thread sets between phases.
 */
final class QueueReader implements AutoCloseable {
    static final int PREFETCH = 500;
    static final int ACK_EVERY = 50;

    private final Connection connection;
    private final SendTimes times;
    private final int[] last;
    private volatile long received;
    private volatile long outOfOrder;
    private volatile Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);

    QueueReader(RabbitServer rabbit, int shards, SendTimes times)
            throws IOException, TimeoutException {
        this.times = times;
        last = new int[shards];
        var factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        connection = factory.newConnection("bench-consumer");
        Channel channel = connection.createChannel();
        channel.basicQos(PREFETCH);
        channel.basicConsume("gateway.recv", false, new Reader(channel));
    }

    /** Messages of the tape so far. */
    long received() {
        return received;
    }

    /** Messages that were not the next of their shard: lost, repeated or out of order. */
    long outOfOrder() {
        return outOfOrder;
    }

    /** Starts a new histogram; the old one is its caller's. */
    Histogram takeLatencies() {
        Histogram taken = latencies;
        latencies = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
        return taken;
    }

    @Override
    public void close() {
        connection.abort();
    }

    private final class Reader extends DefaultConsumer {
        private int unacknowledged;

        Reader(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(
                String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            long now = System.nanoTime();
            Map<String, Object> headers = properties.getHeaders();
            int shard = ((Number) headers.get("shard")).intValue();
            int sequence = ((Number) headers.get("seq")).intValue();
            if (sequence >= Tape.FIRST_SEQUENCE) {
                count(shard, sequence, now);
            }
            if (++unacknowledged == ACK_EVERY) {
                unacknowledged = 0;
                getChannel().basicAck(envelope.getDeliveryTag(), true);
            }
        }

        private void count(int shard, int sequence, long now) {
            if (last[shard] != 0 && sequence != last[shard] + 1) {
                outOfOrder = outOfOrder + 1;
            }
            last[shard] = sequence;
            long took = now - times.of(shard, sequence);
            latencies.recordValue(Math.clamp(took, 0, TimeUnit.MINUTES.toNanos(4)));
            received = received + 1;
        }
    }
}
