package loom.dispatch.broker.connection;

import com.rabbitmq.client.Channel;

import loom.dispatch.broker.EventOrigin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Shares the events among queues {@code gateway.guild.0} to {@code N-1}, a guild always in the same
 * one.
 *
 * <p>Each message names its queue's key beside its own routing key (RabbitMQ's {@code CC} header):
 * one publish and one confirm cover both ways, and a queue bound to everything still gets it once.
 * The queue of a guild is {@code (guild_id >> 22) % N}; an event without a guild goes by its shard,
 * {@code shard % N}. Stateless.
 *
 * @param count how many, 0 for none
 */
public record GuildQueues(int count) {
    static final Map<String, Object> ONE_READER = Map.of("x-single-active-consumer", true);

    List<String> names() {
        return IntStream.range(0, count).mapToObj(GuildQueues::name).toList();
    }

    void declare(Channel channel) throws IOException {
        for (int n = 0; n < count; n++) {
            channel.queueDeclare(name(n), true, false, false, ONE_READER);
            channel.queueBind(name(n), TopologyDeclaration.EXCHANGE, key(n));
        }
    }

    /** The second routing key; empty if there are no such queues. */
    public String key(EventOrigin origin) {
        return count > 0 ? key(of(origin)) : "";
    }

    private int of(EventOrigin origin) {
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
