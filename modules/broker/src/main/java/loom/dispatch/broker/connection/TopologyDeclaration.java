package loom.dispatch.broker.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.broker.BrokerConfig;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Declares the exchange and the queues, with exactly the arguments consumers rely on. */
public final class TopologyDeclaration {
    public static final String EXCHANGE = "gateway";
    public static final String COMMANDS = "gateway.send";
    static final String EVENTS = "gateway.recv";

    private final boolean defaultQueue;
    private final Map<String, Object> eventArguments;
    private final GuildQueues guildQueues;

    TopologyDeclaration(BrokerConfig config) {
        this.defaultQueue = config.defaultQueue();
        this.eventArguments = config.eventQueue().arguments();
        this.guildQueues = new GuildQueues(config.guildQueues());
    }

    /** The queues that {@link #declare} makes, and their arguments. */
    SequencedMap<String, Map<String, Object>> queues() {
        SequencedMap<String, Map<String, Object>> queues = new LinkedHashMap<>();
        queues.put(COMMANDS, Map.of());
        if (defaultQueue) {
            queues.put(EVENTS, eventArguments);
        }
        guildQueues.names().forEach(name -> queues.put(name, GuildQueues.ONE_READER));
        return queues;
    }

    /** Declares everything on a channel of its own, because a refusal closes the channel. */
    void declare(Connection connection) throws IOException {
        declareCommands(connection);
        Channel channel = open(connection);
        try {
            channel.exchangeDeclare(
                    EXCHANGE, BuiltinExchangeType.TOPIC, true, false, false, Map.of());
            if (defaultQueue) {
                channel.queueDeclare(EVENTS, true, false, false, eventArguments);
                channel.queueBind(EVENTS, EXCHANGE, "#");
            }
            guildQueues.declare(channel);
        } finally {
            channel.abort();
        }
    }

    /**
     * In a cluster a classic queue has one home, and while that is down RabbitMQ answers a declare
     * with 404, which it has no other reason for. Publishing does not need this queue.
     */
    private static void declareCommands(Connection connection) throws IOException {
        Channel channel = open(connection);
        try {
            channel.queueDeclare(COMMANDS, true, false, false, Map.of());
        } catch (IOException refused) {
            if (!(refused.getCause() instanceof ShutdownSignalException closed
                    && closed.getReason() instanceof AMQP.Channel.Close close
                    && close.getReplyCode() == AMQP.NOT_FOUND)) {
                throw refused;
            }
        } finally {
            channel.abort();
        }
    }

    static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        return channel;
    }
}
