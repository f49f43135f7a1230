package loom.dispatch.broker.commands;

import com.rabbitmq.client.Channel;

import loom.dispatch.broker.LocalShards;
import loom.dispatch.broker.connection.TopologyDeclaration;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Declares the queues for commands and lists those that this process consumes.
 *
 * <ul>
 *   <li>{@code gateway.send}: all processes consume it.
 *   <li>{@code gateway.send.N}: the durable queue of shard N. A process forwards a command for
 *       another process's shard to it, so that the command waits while its owner restarts. Every
 *       process declares these queues for all shards, because processes start in any order. A
 *       process that runs all shards declares none.
 *   <li>{@code gateway.send.rejected}: keeps rejected commands.
 * </ul>
 */
final class CommandQueues {
    static final String COMMANDS = TopologyDeclaration.COMMANDS;
    static final String REJECTED = "gateway.send.rejected";

    /**
     * Keeps the newest 10,000 rejected commands and at most 64 MiB, so that a faulty worker cannot
     * fill RabbitMQ's disk.
     */
    private static final Map<String, Object> REJECTED_ARGUMENTS =
            Map.of("x-max-length", 10_000, "x-max-length-bytes", 64 << 20);

    private final LocalShards shards;

    CommandQueues(LocalShards shards) {
        this.shards = shards;
    }

    static String ofShard(int shard) {
        return COMMANDS + "." + shard;
    }

    void declare(Channel channel) throws IOException {
        channel.queueDeclare(COMMANDS, true, false, false, Map.of());
        channel.queueDeclare(REJECTED, true, false, false, REJECTED_ARGUMENTS);
        if (!shards.ownsAll()) {
            for (int shard = 0; shard < shards.total(); shard++) {
                channel.queueDeclare(ofShard(shard), true, false, false, Map.of());
            }
        }
    }

    List<String> consumed() {
        return Stream.concat(Stream.of(COMMANDS), ownQueues().stream())
                .collect(Collectors.toUnmodifiableList());
    }

    private List<String> ownQueues() {
        return shards.ownsAll()
                ? List.of()
                : IntStream.rangeClosed(shards.first(), shards.last())
                        .mapToObj(CommandQueues::ofShard)
                        .toList();
    }
}
