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
 * What stands in for a transaction where Redis has none across keys, in a cluster: a shard's writes
 * are written down as one value before they are made, and forgotten after. Who finds them written
 * down makes them again, so a crash between two of them leaves them all made. Each may be made
 * twice: the one command of ours that may not, RENAME, has then nothing left to rename.
 */
final class ClusterRedoLog {
    private final String key;

    ClusterRedoLog(int shard) {
        this.key = RedisKeys.redoOf(shard);
    }

    /** What a crash may have left; belongs to the first reads of a conversation. */
    CommandArguments read() {
        return RedisCommands.get(key);
    }

    /** Makes the writes that a crash cut short; false when there are none. */
    boolean redo(RedisConnection wire, Object reply) {
        List<CommandArguments> commands =
                RedisReplies.bytes(reply).map(ClusterRedoLog::parsed).orElse(List.of());
        if (commands.isEmpty()) {
            return false;
        }
        wire.exchange(commands);
        wire.exchange(List.of(RedisCommands.unlink(key)));
        return true;
    }

    /**
     * Makes writes so that all or none of them are made, whenever this process ends. Nodes of a
     * cluster do not wait for each other, so what leaves the sets, the values, and what comes into
     * the sets are sent one after the other.
     */
    List<Object> write(RedisConnection wire, List<CommandArguments> commands) {
        wire.exchange(List.of(RedisCommands.set(key, text(commands))));
        List<Object> replies = new ArrayList<>(commands.size());
        for (int from = 0; from < commands.size(); ) {
            int to = from + 1;
            while (to < commands.size() && phase(commands.get(to)) == phase(commands.get(from))) {
                to++;
            }
            replies.addAll(wire.exchange(commands.subList(from, to)));
            from = to;
        }
        wire.exchange(List.of(RedisCommands.unlink(key)));
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

    /** The commands as Redis reads them on a connection. */
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

    /** A place in what {@link #text} wrote. */
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
