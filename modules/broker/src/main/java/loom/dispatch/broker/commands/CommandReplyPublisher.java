package loom.dispatch.broker.commands;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.broker.connection.ConnectionFailure;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Publishes replies, forwarded commands and rejected commands on one channel in confirm mode, until
 * the channel is lost.
 *
 * <p>A virtual thread is the only publisher on the channel, so that each delivery tag matches its
 * message. Any thread may add messages. The number of unacknowledged commands bounds the queue: at
 * most {@code prefetch} commands, each with at most two messages per shard.
 */
final class CommandReplyPublisher {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    /** The header with the delivery tag, which identifies a returned message. */
    private static final String TAG_HEADER = "loom-posting";

    private final Channel channel;
    private final BlockingQueue<ReplyMessage> queue = new LinkedBlockingQueue<>();
    // By delivery tag. The publisher thread adds before it publishes; the reading thread removes.
    private final ConcurrentNavigableMap<Long, ReplyMessage> unconfirmed =
            new ConcurrentSkipListMap<>();
    private final SupervisedThread thread;

    CommandReplyPublisher(Channel channel, SupervisedThreads threads) throws IOException {
        this.channel = channel;
        channel.addReturnListener(this::returned);
        channel.addConfirmListener(
                (tag, multiple) -> settle(tag, multiple, true),
                (tag, multiple) -> settle(tag, multiple, false));
        channel.confirmSelect();
        this.thread = threads.start("command-replies", this::run);
    }

    /** Adds a message to publish. Any thread may call it. */
    void publish(ReplyMessage message) {
        queue.add(message);
    }

    void close() {
        thread.stop();
    }

    private void run(ThreadPulse pulse) throws InterruptedException {
        try {
            while (true) {
                // a blocked connection delays a reply without a bound
                pulse.waiting();
                ReplyMessage next = queue.take();
                long tag = channel.getNextPublishSeqNo();
                unconfirmed.put(tag, next);
                channel.basicPublish("", next.queue(), true, withTag(next, tag), next.body());
            }
        } catch (IOException | AlreadyClosedException lost) {
            LOG.write(BrokerLogEvents.REPLIES_ENDED, ConnectionFailure.reasonOf(lost));
        }
    }

    /** Adds the tag as a header, because a returned message has no delivery tag. */
    private static AMQP.BasicProperties withTag(ReplyMessage message, long tag) {
        Map<String, Object> headers = new HashMap<>();
        if (message.properties().getHeaders() != null) {
            headers.putAll(message.properties().getHeaders());
        }
        headers.put(TAG_HEADER, tag);
        return message.properties().builder().headers(headers).build();
    }

    /** RabbitMQ returns a message before it confirms it. */
    private void returned(Return message) {
        if (message.getProperties().getHeaders().get(TAG_HEADER) instanceof Long tag) {
            Optional.ofNullable(unconfirmed.remove(tag))
                    .ifPresent(reply -> reply.outcome().complete(false));
        }
    }

    private void settle(long tag, boolean multiple, boolean taken) {
        Map<Long, ReplyMessage> settled =
                multiple
                        ? unconfirmed.headMap(tag, true)
                        : unconfirmed.subMap(tag, true, tag, true);
        for (Long each : List.copyOf(settled.keySet())) {
            Optional.ofNullable(unconfirmed.remove(each))
                    .ifPresent(reply -> reply.outcome().complete(taken));
        }
    }
}
