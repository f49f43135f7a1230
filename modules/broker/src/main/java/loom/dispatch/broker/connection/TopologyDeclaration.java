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

/** Declares the exchange and the queues with the arguments that consumers rely on. */
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

    /** Returns the queues that {@link #declare} declares, with their arguments. */
    SequencedMap<String, Map<String, Object>> queues() {
        SequencedMap<String, Map<String, Object>> queues = new LinkedHashMap<>();
        queues.put(COMMANDS, Map.of());
        if (defaultQueue) {
            queues.put(EVENTS, eventArguments);
        }
        guildQueues.names().forEach(name -> queues.put(name, GuildQueues.SINGLE_ACTIVE_CONSUMER));
        return queues;
    }

    /** Declares everything on separate channels, because RabbitMQ closes a channel on an error. */
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
     * Declares the queue for commands and tolerates a 404. RabbitMQ answers a declare with 404 only
     * while the cluster node of a classic queue is down. Publishing does not need this queue.
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
