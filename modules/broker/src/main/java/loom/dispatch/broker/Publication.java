package loom.dispatch.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;

import java.io.IOException;
import java.util.List;

/** Writes a message to the exchange with the properties that the contract allows; stateless. */
final class Publication {
    private final int deliveryMode;
    private final boolean mustBeRouted;
    private final boolean mandatory;
    private final GuildQueues guildQueues;

    Publication(BrokerConfig config) {
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
    void write(Channel channel, List<? extends Outbound> run) throws IOException {
        JoinedFlushes.during(channel.getConnection(), () -> writeEach(channel, run));
    }

    private void writeEach(Channel channel, List<? extends Outbound> run) throws IOException {
        for (Outbound next : run) {
            if (next instanceof Message message) {
                write(channel, message);
            }
        }
    }

    private void write(Channel channel, Message message) throws IOException {
        channel.basicPublish(
                Topology.EXCHANGE,
                message.routingKey(),
                mandatory,
                properties(message),
                message.body());
    }

    AMQP.BasicProperties properties(Message message) {
        return new EventProperties(message, deliveryMode, guildQueues.key(message.origin()));
    }
}
