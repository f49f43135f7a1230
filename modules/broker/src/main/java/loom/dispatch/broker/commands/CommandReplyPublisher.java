package loom.dispatch.broker.commands;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.broker.connection.ConnectionFailure;
import loom.dispatch.runtime.EventLog;

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
 * Posts answers, forwarded and rejected commands on one confirming channel, for one epoch.
 *
 * <p>Its clerk, a virtual thread, is the only writer on the channel, so that tags and postings
 * match; any thread hands postings in. The tray is bounded by what is unacknowledged: at most
 * {@code prefetch} commands, each with at most two postings per shard.
 */
final class CommandReplyPublisher {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    /** Which posting a returned message was. */
    private static final String TAG_HEADER = "loom-posting";

    private final Channel channel;
    private final Runnable onFault;
    private final BlockingQueue<ReplyMessage> tray = new LinkedBlockingQueue<>();
    // By tag: the clerk adds before it writes, the reading thread removes.
    private final ConcurrentNavigableMap<Long, ReplyMessage> unconfirmed =
            new ConcurrentSkipListMap<>();
    private final Thread clerk;

    CommandReplyPublisher(Channel channel, Runnable onFault) throws IOException {
        this.channel = channel;
        this.onFault = onFault;
        channel.addReturnListener(this::returned);
        channel.addConfirmListener(
                (tag, multiple) -> settle(tag, multiple, true),
                (tag, multiple) -> settle(tag, multiple, false));
        channel.confirmSelect();
        this.clerk = Thread.ofVirtual().name("rabbit-post").start(this::work);
    }

    /** Any thread. */
    void post(ReplyMessage posting) {
        tray.add(posting);
    }

    void close() {
        clerk.interrupt();
    }

    private void work() {
        try {
            while (true) {
                ReplyMessage next = tray.take();
                long tag = channel.getNextPublishSeqNo();
                unconfirmed.put(tag, next);
                channel.basicPublish("", next.queue(), true, numbered(next, tag), next.body());
            }
        } catch (InterruptedException closed) {
            // the epoch is over
        } catch (IOException | AlreadyClosedException lost) {
            LOG.write(BrokerLogEvents.REPLIES_ENDED, ConnectionFailure.reasonOf(lost));
        } catch (RuntimeException fault) {
            LOG.write(BrokerLogEvents.REPLIES_FAILED.with().causedBy(fault));
            onFault.run();
        }
    }

    /** A returned message brings no tag but its headers, and it comes before its confirm. */
    private static AMQP.BasicProperties numbered(ReplyMessage posting, long tag) {
        Map<String, Object> headers = new HashMap<>();
        if (posting.properties().getHeaders() != null) {
            headers.putAll(posting.properties().getHeaders());
        }
        headers.put(TAG_HEADER, tag);
        return posting.properties().builder().headers(headers).build();
    }

    private void returned(Return message) {
        if (message.getProperties().getHeaders().get(TAG_HEADER) instanceof Long tag) {
            Optional.ofNullable(unconfirmed.remove(tag))
                    .ifPresent(posting -> posting.outcome().complete(false));
        }
    }

    private void settle(long tag, boolean multiple, boolean taken) {
        Map<Long, ReplyMessage> settled =
                multiple
                        ? unconfirmed.headMap(tag, true)
                        : unconfirmed.subMap(tag, true, tag, true);
        for (Long each : List.copyOf(settled.keySet())) {
            Optional.ofNullable(unconfirmed.remove(each))
                    .ifPresent(posting -> posting.outcome().complete(taken));
        }
    }
}
