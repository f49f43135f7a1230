package loom.dispatch.broker.commands;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.broker.CommandHandler;
import loom.dispatch.broker.LocalShards;
import loom.dispatch.broker.connection.BrokerCounters;
import loom.dispatch.broker.connection.ChannelUser;
import loom.dispatch.broker.connection.ConnectionFailure;
import loom.dispatch.broker.connection.RabbitConnection;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThreads;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Consumes commands and acknowledges each one after it is processed. After a connection loss
 * RabbitMQ delivers the unacknowledged commands again.
 *
 * <p>Delivery is at least once: if the acknowledgement of a command is lost, it is sent to Discord
 * again. The client's consumer thread delivers one command at a time. Any thread may complete and
 * acknowledge it. The lock guards the state.
 */
public final class CommandConsumer implements ChannelUser {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    /**
     * The maximum number of unacknowledged commands. A shard's queue holds up to 2,560 commands.
     * The limit exceeds three full queues, so that a busy shard does not delay the others. A
     * command of 150 bytes takes about 1 KiB here, in total 8 MiB.
     */
    private static final int PREFETCH = 8_192;

    private final CommandQueues queues;
    private final CommandProcessor processor;
    private final RabbitConnection rabbit;
    private final SupervisedThreads threads;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private long epoch;
    private boolean attached;
    private boolean progressed;
    // Owned by the supervisor thread; they belong to the latest epoch.
    private Channel consumeChannel;
    private Channel replyChannel;
    private CommandReplyPublisher replies;

    public CommandConsumer(
            LocalShards shards,
            CommandHandler handler,
            BrokerCounters counters,
            RabbitConnection rabbit,
            SupervisedThreads threads) {
        this.queues = new CommandQueues(shards);
        this.processor = new CommandProcessor(shards, handler, counters);
        this.rabbit = rabbit;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public int attach(Connection connection) throws IOException {
        closeChannels();
        long newEpoch;
        lock.lock();
        try {
            newEpoch = ++epoch;
            progressed = false;
        } finally {
            lock.unlock();
        }
        replyChannel = open(connection, newEpoch);
        consumeChannel = open(connection, newEpoch);
        queues.declare(consumeChannel);
        replies = new CommandReplyPublisher(replyChannel, threads);
        consumeChannel.basicQos(PREFETCH, true);
        Channel channel = consumeChannel;
        CommandReplyPublisher publisher = replies;
        for (String queue : queues.consumed()) {
            channel.basicConsume(
                    queue,
                    false,
                    (_, delivery) -> process(newEpoch, channel, publisher, delivery),
                    _ -> lose(newEpoch, "queue " + queue + " was deleted"));
        }
        lock.lock();
        try {
            if (epoch != newEpoch) {
                throw new IOException("the connection was lost during the setup of the consumers");
            }
            attached = true;
        } finally {
            lock.unlock();
        }
        return 0;
    }

    private Channel open(Connection connection, long channelEpoch) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        channel.addShutdownListener(cause -> lose(channelEpoch, ConnectionFailure.reasonOf(cause)));
        return channel;
    }

    private void closeChannels() throws IOException {
        if (replies != null) {
            replies.close();
        }
        if (consumeChannel != null) {
            consumeChannel.abort();
        }
        if (replyChannel != null) {
            replyChannel.abort();
        }
    }

    private void process(
            long deliveryEpoch,
            Channel channel,
            CommandReplyPublisher publisher,
            Delivery delivery) {
        processor
                .process(delivery, publisher)
                .whenComplete((_, fault) -> {
                    if (fault == null) {
                        acknowledge(channel, delivery);
                    } else {
                        lose(deliveryEpoch, String.valueOf(fault.getMessage()));
                    }
                });
    }

    private void acknowledge(Channel channel, Delivery delivery) {
        try {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        } catch (IOException | AlreadyClosedException lost) {
            // It is delivered again on the next connection.
            LOG.write(BrokerLogEvents.ACKNOWLEDGEMENT_LOST, ConnectionFailure.reasonOf(lost));
            return;
        }
        lock.lock();
        try {
            progressed = true;
        } finally {
            lock.unlock();
        }
    }

    private void lose(long lostEpoch, String reason) {
        boolean wasAttached;
        lock.lock();
        try {
            if (lostEpoch != epoch) {
                return;
            }
            wasAttached = attached;
            epoch++;
            attached = false;
        } finally {
            lock.unlock();
        }
        if (wasAttached) {
            rabbit.channelLost(this, reason);
        }
    }

    @Override
    public void detach() {
        lock.lock();
        try {
            epoch++;
            attached = false;
        } finally {
            lock.unlock();
        }
        if (replies != null) {
            replies.close();
        }
    }

    @Override
    public boolean attached() {
        lock.lock();
        try {
            return attached;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean progressed() {
        lock.lock();
        try {
            return progressed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause(boolean wanted) {
        // RabbitMQ delivers on a blocked connection; replies and acknowledgements wait in the
        // socket.
    }

    @Override
    public void close() {
        // RabbitMQ requeues unacknowledged commands when the connection closes.
    }
}
