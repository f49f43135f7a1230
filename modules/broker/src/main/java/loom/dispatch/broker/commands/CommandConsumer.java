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

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads commands and acknowledges each one only when it has ended; a lost connection brings those
 * that had not back.
 *
 * <p>At least once: a command that was sent but whose acknowledgement was lost is sent again.
 * Deliveries come one at a time; each ends on whatever thread ends it. The lock guards the state.
 */
public final class CommandConsumer implements ChannelUser {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    /**
     * Most commands taken and not ended. It must be more than one shard's queue may hold, 2,560, so
     * that one busy shard delays no other; this is three of them. A command has some 150 bytes and
     * costs about 1 KiB here: 8 MiB.
     */
    private static final int PREFETCH = 8_192;

    private final CommandQueues queues;
    private final CommandProcessor clerk;
    private final RabbitConnection uplink;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private long epoch;
    private boolean attached;
    private boolean progressed;
    // Owned by the supervisor: of the latest epoch.
    private Channel reading;
    private Channel writing;
    private CommandReplyPublisher post;

    public CommandConsumer(
            LocalShards shards,
            CommandHandler handler,
            BrokerCounters counters,
            RabbitConnection uplink) {
        this.queues = new CommandQueues(shards);
        this.clerk = new CommandProcessor(shards, handler, counters);
        this.uplink = uplink;
    }

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public int attach(Connection connection) throws IOException {
        end();
        long mine;
        lock.lock();
        try {
            mine = ++epoch;
            progressed = false;
        } finally {
            lock.unlock();
        }
        writing = open(connection, mine);
        reading = open(connection, mine);
        queues.declare(reading);
        post = new CommandReplyPublisher(writing, () -> lose(mine, "posting failed"));
        reading.basicQos(PREFETCH, true);
        Channel channel = reading;
        CommandReplyPublisher office = post;
        for (String queue : queues.toRead()) {
            channel.basicConsume(
                    queue,
                    false,
                    (_, delivery) -> take(mine, channel, office, delivery),
                    _ -> lose(mine, "queue " + queue + " was deleted"));
        }
        lock.lock();
        try {
            if (epoch != mine) {
                throw new IOException("lost while the command queues were opened");
            }
            attached = true;
        } finally {
            lock.unlock();
        }
        return 0;
    }

    private Channel open(Connection connection, long mine) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        channel.addShutdownListener(cause -> lose(mine, ConnectionFailure.reasonOf(cause)));
        return channel;
    }

    private void end() throws IOException {
        if (post != null) {
            post.close();
        }
        if (reading != null) {
            reading.abort();
        }
        if (writing != null) {
            writing.abort();
        }
    }

    private void take(long mine, Channel channel, CommandReplyPublisher office, Delivery delivery) {
        clerk.process(delivery, office)
                .whenComplete((_, fault) -> {
                    if (fault == null) {
                        acknowledge(channel, delivery);
                    } else {
                        lose(mine, String.valueOf(fault.getMessage()));
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
            uplink.riderLost(this, reason);
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
        if (post != null) {
            post.close();
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
        // A blocked connection still delivers; answers and acknowledgements wait in its socket.
    }

    @Override
    public void close() {
        // Deliveries that have not ended go back to their queue with the connection.
    }
}
