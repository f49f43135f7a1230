package loom.dispatch.broker.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.connection.FlushBatching;
import loom.dispatch.broker.connection.GuildQueues;
import loom.dispatch.broker.connection.TopologyDeclaration;

import java.io.IOException;
import java.util.List;

/** Writes messages to the exchange, with the properties that docs/events.md lists. */
public final class EventPublisher {
    private final int deliveryMode;
    private final boolean mustBeRouted;
    private final boolean mandatory;
    private final GuildQueues guildQueues;

    public EventPublisher(BrokerConfig config) {
        this.deliveryMode = config.persistent() ? 2 : 1;
        this.mustBeRouted = config.defaultQueue();
        this.guildQueues = new GuildQueues(config.guildQueues());
        this.mandatory = config.mandatory() || config.defaultQueue();
    }

    /**
     * Returns whether a returned message means that the topology is damaged. The default queue is
     * bound to every routing key, so RabbitMQ returns a message only if that queue is missing.
     */
    boolean mustBeRouted() {
        return mustBeRouted;
    }

    /** Writes the messages in order, with few flushes (ADR 11). Leaves out skipped events. */
    void write(Channel channel, List<? extends LaneItem> items) throws IOException {
        FlushBatching.during(channel.getConnection(), () -> writeEach(channel, items));
    }

    private void writeEach(Channel channel, List<? extends LaneItem> items) throws IOException {
        for (LaneItem next : items) {
            if (next instanceof EventMessage message) {
                write(channel, message);
            }
        }
    }

    private void write(Channel channel, EventMessage message) throws IOException {
        channel.basicPublish(
                TopologyDeclaration.EXCHANGE,
                message.routingKey(),
                mandatory,
                properties(message),
                message.body());
    }

    /** Returns the AMQP properties of a message. */
    public AMQP.BasicProperties properties(EventMessage message) {
        return new EventPropertiesEncoder(message, deliveryMode, guildQueues.key(message.origin()));
    }
}
