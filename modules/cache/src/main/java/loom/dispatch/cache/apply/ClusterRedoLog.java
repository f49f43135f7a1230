package loom.dispatch.cache.apply;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Write-ahead record for Redis Cluster, which has no transactions across slots.
 *
 * <p>It stores a shard's writes under one key, makes the writes and then deletes the key. After a
 * crash the next process finds the key and repeats the writes, so all of them are made. Each write
 * can be repeated: a second RENAME finds no key to rename, and has no effect.
 */
final class ClusterRedoLog {
    private final String key;

    ClusterRedoLog(int shard) {
        this.key = RedisKeys.redoOf(shard);
    }

    /**
     * Reads the record of writes that a crash may have interrupted. Send it with the first reads.
     */
    CommandArguments read() {
        return RedisCommands.get(key);
    }

    /** Repeats the writes that a crash interrupted. Returns false if there are none. */
    boolean redo(RedisConnection connection, Object reply) {
        List<CommandArguments> commands =
                RedisReplies.bytes(reply).map(ClusterRedoLog::parsed).orElse(List.of());
        if (commands.isEmpty()) {
            return false;
        }
        connection.exchange(commands);
        connection.exchange(List.of(RedisCommands.unlink(key)));
        return true;
    }

    /**
     * Makes writes so that all of them are made, even if this process ends in between. The nodes of
     * a cluster do not wait for each other. So the removals from sets, the values and the additions
     * to sets are sent one after the other.
     */
    List<Object> write(RedisConnection connection, List<CommandArguments> commands) {
        connection.exchange(List.of(RedisCommands.set(key, text(commands))));
        List<Object> replies = new ArrayList<>(commands.size());
        for (int from = 0; from < commands.size(); ) {
            int to = from + 1;
            while (to < commands.size() && phase(commands.get(to)) == phase(commands.get(from))) {
                to++;
            }
            replies.addAll(connection.exchange(commands.subList(from, to)));
            from = to;
        }
        connection.exchange(List.of(RedisCommands.unlink(key)));
        return replies;
    }

    private static int phase(CommandArguments command) {
        return command.getCommand() instanceof Protocol.Command known
                ? switch (known) {
                    case SREM -> 1;
                    case SADD -> 2;
                    default -> 0;
                }
                : 0;
    }

    /** Encodes commands in the protocol of Redis, with a line feed at the end of each line. */
    private static byte[] text(List<CommandArguments> commands) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (CommandArguments command : commands) {
            line(text, '*', command.size());
            for (Rawable argument : command) {
                byte[] raw = argument.getRaw();
                line(text, '$', raw.length);
                text.writeBytes(raw);
            }
        }
        return text.toByteArray();
    }

    private static void line(ByteArrayOutputStream text, char kind, int number) {
        text.write(kind);
        text.writeBytes((number + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static List<CommandArguments> parsed(byte[] text) {
        List<CommandArguments> commands = new ArrayList<>();
        Text rest = new Text(text);
        while (rest.at < text.length) {
            int size = rest.number();
            var command =
                    new CommandArguments(
                            Protocol.Command.valueOf(
                                    new String(rest.bytes(), StandardCharsets.US_ASCII)));
            command.key(rest.bytes());
            for (int i = 2; i < size; i++) {
                command.add(rest.bytes());
            }
            commands.add(command);
        }
        return commands;
    }

    /** Reads what {@link #text} wrote. */
    private static final class Text {
        private final byte[] all;
        private int at;

        Text(byte[] all) {
            this.all = all;
        }

        int number() {
            int number = 0;
            for (at++; all[at] != '\n'; at++) {
                number = number * 10 + all[at] - '0';
            }
            at++;
            return number;
        }

        byte[] bytes() {
            int length = number();
            at += length;
            return Arrays.copyOfRange(all, at - length, at);
        }
    }
}
