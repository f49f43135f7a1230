package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Consumes a queue and records the first arrival of each event per shard, duplicates, and events
 * out of order.
 *
 * <p>Reconnects after each loss, like a worker. The consumer's thread writes each list while it
 * holds the monitor of the list.
 */
public final class ReceivedEvents implements AutoCloseable {
    private final ConnectionFactory factory = new ConnectionFactory();
    private final String queue;
    private final Map<Integer, List<Long>> firsts = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Long>> seen = new ConcurrentHashMap<>();
    private final Thread keeper;
    private volatile boolean closed;

    public ReceivedEvents(VirtualHost host, String queue) {
        this.queue = queue;
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(2);
        keeper = Thread.ofVirtual().start(this::keep);
    }

    private void keep() {
        while (!closed) {
            try (Connection connection = factory.newConnection()) {
                Channel channel = connection.createChannel();
                channel.basicQos(500);
                channel.basicConsume(
                        queue, false, (_, got) -> take(channel, got), _ -> end(channel));
                while (!closed && channel.isOpen()) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            } catch (IOException | TimeoutException | ShutdownSignalException away) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** Closes the channel, because the queue was deleted. */
    private static void end(Channel channel) throws IOException {
        channel.abort();
    }

    private void take(Channel channel, Delivery delivery) throws IOException {
        int shard = (int) delivery.getProperties().getHeaders().get("shard");
        long sequence = (long) delivery.getProperties().getHeaders().get("seq");
        List<Long> arrived = firsts.computeIfAbsent(shard, _ -> new ArrayList<>());
        synchronized (arrived) {
            if (seen.computeIfAbsent(shard, _ -> new HashSet<>()).add(sequence)) {
                arrived.add(sequence);
            }
        }
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
    }

    /** The number of distinct events of a shard that arrived. */
    int count(int shard) {
        List<Long> arrived = firsts.computeIfAbsent(shard, _ -> new ArrayList<>());
        synchronized (arrived) {
            return arrived.size();
        }
    }

    /**
     * Waits for the events 1 to {@code last} as long as further events arrive. Asserts that no
     * event is lost and that first arrivals are in order. Confirmed events may still be in the
     * queue.
     */
    public void assertComplete(int shard, long last, String seed) {
        for (int came = count(shard); came < last; came = count(shard)) {
            int before = came;
            String what = "shard %d: more than %d of %d%s".formatted(shard, before, last, seed);
            Eventually.await(what, Duration.ofSeconds(30), () -> count(shard) > before);
        }
        List<Long> arrived = firsts.get(shard);
        synchronized (arrived) {
            for (int i = 0; i < arrived.size(); i++) {
                assertEquals(i + 1L, arrived.get(i), "shard " + shard + " out of order" + seed);
            }
            assertEquals(last, arrived.size(), "shard " + shard + seed);
        }
    }

    @Override
    public void close() {
        closed = true;
        Eventually.await("consumer ended", Duration.ofSeconds(30), () -> !keeper.isAlive());
    }
}
