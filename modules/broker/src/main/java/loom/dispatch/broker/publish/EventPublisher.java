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

/** Writes a message to the exchange with the properties that the contract allows; stateless. */
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
     * Whether a returned message means that the topology is damaged: with the default queue bound
     * to everything, no message can be without a queue.
     */
    boolean mustBeRouted() {
        return mustBeRouted;
    }

    /** Writes the run's messages in their order, with as few flushes as their bytes need. */
    void write(Channel channel, List<? extends LaneItem> run) throws IOException {
        FlushBatching.during(channel.getConnection(), () -> writeEach(channel, run));
    }

    private void writeEach(Channel channel, List<? extends LaneItem> run) throws IOException {
        for (LaneItem next : run) {
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

    public AMQP.BasicProperties properties(EventMessage message) {
        return new EventPropertiesEncoder(message, deliveryMode, guildQueues.key(message.origin()));
    }
}
