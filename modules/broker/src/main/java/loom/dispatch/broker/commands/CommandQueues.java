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
 * The queues that commands go through, and which of them this process reads.
 *
 * <p>All processes read {@code gateway.send}, as the contract has it. Who gets a command for a
 * shard of another process puts it into that shard's own queue {@code gateway.send.N}, durable,
 * which the owner reads; so a command waits there while its owner restarts. Every process declares
 * those of all shards, so that it does not matter who starts first. A single process that owns all
 * shards declares none of these.
 */
final class CommandQueues {
    static final String COMMANDS = TopologyDeclaration.COMMANDS;
    static final String REJECTED = "gateway.send.rejected";

    /**
     * Rejected commands are kept for a person to look at: the newest 10,000, at most 64 MiB, so
     * that a broken worker cannot fill the broker's disk.
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

    List<String> toRead() {
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
