package loom.dispatch.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends commands like a worker and collects the replies. */
final class CommandSender implements AutoCloseable {
    private final Connection connection;
    private final Channel channel;
    private final String replyTo;
    private final AtomicInteger count = new AtomicInteger();
    private GetResponse rejected;
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    CommandSender(VirtualHost host) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(host.uri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        String answerQueue = channel.queueDeclare().getQueue();
        channel.queueDeclare("gateway.send", true, false, false, Map.of());
        channel.basicConsume(
                answerQueue,
                true,
                (_, got) -> {
                    count.incrementAndGet();
                    answers.put(
                            got.getProperties().getCorrelationId(),
                            new String(got.getBody(), StandardCharsets.UTF_8));
                },
                _ -> {});
        replyTo = answerQueue;
    }

    void send(String id, String body) throws IOException {
        send(id, body, null);
    }

    /** Sends a command with an expiration in milliseconds; null means none. */
    void send(String id, String body, String expiration) throws IOException {
        AMQP.BasicProperties properties =
                new AMQP.BasicProperties.Builder()
                        .replyTo(replyTo)
                        .correlationId(id)
                        .priority(3)
                        .expiration(expiration)
                        .deliveryMode(2)
                        .build();
        channel.basicPublish("", "gateway.send", properties, body.getBytes(StandardCharsets.UTF_8));
    }

    boolean answered(String id) {
        return answers.containsKey(id);
    }

    String answer(String id) {
        Eventually.await("answer to " + id, Duration.ofSeconds(20), () -> answers.containsKey(id));
        return answers.get(id);
    }

    /** The number of received replies. */
    int answers() {
        return count.get();
    }

    /** Gets a rejected command from its queue, if there is one. */
    boolean takeRejected() {
        try {
            rejected = channel.basicGet("gateway.send.rejected", true);
            return rejected != null;
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** The rejected command that {@link #takeRejected} got. */
    GetResponse rejected() {
        return rejected;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
