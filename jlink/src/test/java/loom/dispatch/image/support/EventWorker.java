package loom.dispatch.image.support;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A worker that takes events one by one from its queue. Used by one thread. */
public final class EventWorker implements AutoCloseable {
    private final Connection connection;
    private final Channel channel;
    private final String queue;

    private EventWorker(VirtualHost host, String queue) throws Exception {
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        this.connection = factory.newConnection();
        this.channel = connection.createChannel();
        this.queue = queue;
    }

    /** Creates a worker with its own queue, bound to all events. */
    public static EventWorker ofAllEvents(VirtualHost host) throws Exception {
        EventWorker worker = new EventWorker(host, "worker");
        worker.channel.exchangeDeclare("gateway", "topic", true);
        worker.channel.queueDeclare(worker.queue, false, false, true, Map.of());
        worker.channel.queueBind(worker.queue, "gateway", "#");
        return worker;
    }

    public Channel channel() {
        return channel;
    }

    /** Returns the next event of a type and drops the events before it. */
    public Map<String, Object> next(String type) throws Exception {
        AtomicReference<Map<String, Object>> found = new AtomicReference<>();
        Eventually.await(
                type,
                ImageTestSetup.TIMEOUT,
                () -> {
                    GetResponse response = channel.basicGet(queue, true);
                    while (response != null) {
                        if (response.getEnvelope().getRoutingKey().equals(type)) {
                            found.set(
                                    JsonTrees.of(
                                            new String(
                                                    response.getBody(), StandardCharsets.UTF_8)));
                            return true;
                        }
                        response = channel.basicGet(queue, true);
                    }
                    return false;
                });
        return found.get();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
