package loom.dispatch.broker.connection;

import com.rabbitmq.client.Channel;

import loom.dispatch.broker.EventOrigin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Distributes the events over the queues {@code gateway.guild.0} to {@code N-1} by guild.
 *
 * <ul>
 *   <li>A guild's queue is {@code (guild_id >> 22) % N}. An event without a guild uses {@code shard
 *       % N}.
 *   <li>Each message carries its queue's key in RabbitMQ's {@code CC} header. One publish and one
 *       confirm cover both routing keys, and a queue that matches both gets the event once.
 * </ul>
 *
 * @param count the number of queues; 0 for none
 */
public record GuildQueues(int count) {
    static final Map<String, Object> SINGLE_ACTIVE_CONSUMER =
            Map.of("x-single-active-consumer", true);

    List<String> names() {
        return IntStream.range(0, count).mapToObj(GuildQueues::name).toList();
    }

    void declare(Channel channel) throws IOException {
        for (int n = 0; n < count; n++) {
            channel.queueDeclare(name(n), true, false, false, SINGLE_ACTIVE_CONSUMER);
            channel.queueBind(name(n), TopologyDeclaration.EXCHANGE, key(n));
        }
    }

    /** Returns the routing key for the CC header; empty if there are no guild queues. */
    public String key(EventOrigin origin) {
        return count > 0 ? key(queueNumber(origin)) : "";
    }

    private int queueNumber(EventOrigin origin) {
        return origin.guildId().isEmpty()
                ? origin.shard() % count
                : (int) ((Long.parseUnsignedLong(origin.guildId()) >>> 22) % count);
    }

    private static String name(int n) {
        return "gateway.guild." + n;
    }

    private static String key(int n) {
        return "guild." + n;
    }
}
