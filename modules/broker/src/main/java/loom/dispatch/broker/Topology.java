package loom.dispatch.broker;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import java.io.IOException;
import java.util.Map;

/** Declares the exchange and the queues, with exactly the arguments consumers rely on. */
final class Topology {
    static final String EXCHANGE = "gateway";
    static final String COMMANDS = "gateway.send";
    static final String EVENTS = "gateway.recv";

    private final boolean defaultQueue;
    private final Map<String, Object> eventArguments;
    private final GuildQueues guildQueues;

    Topology(BrokerConfig config) {
        this.defaultQueue = config.defaultQueue();
        this.eventArguments = config.eventQueue().arguments();
        this.guildQueues = new GuildQueues(config.guildQueues());
    }

    /** Declares everything on a channel of its own, because a refusal closes the channel. */
    void declare(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        try {
            channel.exchangeDeclare(
                    EXCHANGE, BuiltinExchangeType.TOPIC, true, false, false, Map.of());
            channel.queueDeclare(COMMANDS, true, false, false, Map.of());
            if (defaultQueue) {
                channel.queueDeclare(EVENTS, true, false, false, eventArguments);
                channel.queueBind(EVENTS, EXCHANGE, "#");
            }
            guildQueues.declare(channel);
        } finally {
            channel.abort();
        }
    }
}
