package loom.dispatch.broker.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import loom.dispatch.broker.Command;
import loom.dispatch.broker.CommandResult;
import loom.dispatch.broker.LocalShards;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads the body of a command: {@code {"op":N,"shard":N,"guild_id":"…","data":{…}}}.
 *
 * <p>Keys in any order, unknown ones ignored, {@code data} taken over byte by byte. Ops: 0 send to
 * {@code shard}, 1 reconnect {@code shard}, 2 send to the shard of {@code guild_id}, 3 send to all
 * shards, 4 presence of {@code shard} or of all, 5 request members of {@code guild_id}.
 */
public final class CommandParser {
    /** Discord closes the connection on a longer frame (protocol: payloads up to 4096 bytes). */
    static final int FRAME_BYTES = 4_096;

    private static final JsonFactory JSON = new JsonFactory();

    /** What was understood. */
    sealed interface Reading {
        /** One command per shard concerned. */
        record Understood(List<Command> commands) implements Reading {}

        /** It is no command, or one that cannot be done. */
        record Refused(CommandResult reason) implements Reading {}
    }

    private final byte[] body;
    private final LocalShards shards;
    private long op = -1;
    private long shard = -1;
    private boolean shardGiven;
    private String guildId = "";
    private byte[] data = new byte[0];

    private CommandParser(byte[] body, LocalShards shards) {
        this.body = body;
        this.shards = shards;
    }

    static Reading read(byte[] body, LocalShards shards) {
        CommandParser envelope = new CommandParser(body, shards);
        try {
            envelope.scan();
            return envelope.judge();
        } catch (Malformation wrong) {
            return refused(wrong.where, wrong.getMessage());
        } catch (JsonParseException broken) {
            return refused(
                    "byte " + broken.getLocation().getByteOffset(), broken.getOriginalMessage());
        } catch (IOException broken) {
            return refused("body", String.valueOf(broken.getMessage()));
        }
    }

    /** The body that makes another process do this command for its shard. */
    public static byte[] write(Command command) {
        return switch (command) {
            case Command.Send(int shard, byte[] data) -> body(0, shard, "", data);
            case Command.Reconnect(int shard) ->
                    ("{\"op\":1,\"shard\":" + shard + "}").getBytes(StandardCharsets.UTF_8);
            case Command.Presence(int shard, byte[] data) -> body(4, shard, "", data);
            case Command.RequestMembers(int shard, String guildId, byte[] data) ->
                    body(5, shard, guildId, data);
        };
    }

    private static byte[] body(int op, int shard, String guildId, byte[] data) {
        // a guild id was read as digits: it needs no escaping
        String before =
                "{\"op\":"
                        + op
                        + ",\"shard\":"
                        + shard
                        + ",\"guild_id\":\""
                        + guildId
                        + "\",\"data\":";
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + data.length + 1);
        System.arraycopy(data, 0, body, head.length, data.length);
        body[body.length - 1] = '}';
        return body;
    }

    private static Reading refused(String where, String what) {
        return new Reading.Refused(new CommandResult.Malformed(where, what));
    }

    private void scan() throws IOException, Malformation {
        try (JsonParser parser = JSON.createParser(body)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "body", "is no JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "op" -> op = integer(parser, value, key);
                    case "shard" -> {
                        shard = integer(parser, value, key);
                        shardGiven = true;
                    }
                    case "guild_id" -> guildId = parser.getValueAsString("");
                    case "data" -> readData(parser, value);
                    default -> parser.skipChildren();
                }
            }
            require(parser.nextToken() == null, "body", "goes on after the object");
        }
    }

    private static long integer(JsonParser parser, JsonToken value, String key)
            throws IOException, Malformation {
        require(value == JsonToken.VALUE_NUMBER_INT, key, "is no integer");
        require(parser.getNumberType() == JsonParser.NumberType.INT, key, "is out of range");
        return parser.getLongValue();
    }

    private void readData(JsonParser parser, JsonToken value) throws IOException {
        long from = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (value == JsonToken.START_OBJECT) {
            long to = parser.currentLocation().getByteOffset();
            data = Arrays.copyOfRange(body, (int) from, (int) to);
        }
    }

    private Reading judge() throws Malformation {
        if (op != 1 && data.length > FRAME_BYTES) {
            return new Reading.Refused(new CommandResult.TooLarge(data.length, FRAME_BYTES));
        }
        List<Integer> targets = targets();
        for (int target : targets) {
            if (!shards.exists(target)) {
                return new Reading.Refused(new CommandResult.UnknownShard(target));
            }
        }
        require(op == 1 || data.length > 0, "data", "is no object");
        List<Command> commands = new ArrayList<>(targets.size());
        for (int target : targets) {
            commands.add(command(target));
        }
        return new Reading.Understood(commands);
    }

    private List<Integer> targets() throws Malformation {
        return switch ((int) op) {
            case 0, 1 -> {
                require(shardGiven, "shard", "is missing");
                yield List.of((int) shard);
            }
            case 2, 5 -> List.of(shards.ofGuild(guild()));
            case 3 -> all();
            case 4 -> shardGiven ? List.of((int) shard) : all();
            default -> throw new Malformation("op", "is missing or unknown");
        };
    }

    private List<Integer> all() {
        return IntStream.range(0, shards.total()).boxed().toList();
    }

    private long guild() throws Malformation {
        try {
            return Long.parseUnsignedLong(guildId);
        } catch (NumberFormatException notOne) {
            throw new Malformation("guild_id", "is no snowflake");
        }
    }

    private Command command(int target) {
        return switch ((int) op) {
            case 1 -> new Command.Reconnect(target);
            case 4 -> new Command.Presence(target, data);
            case 5 -> new Command.RequestMembers(target, guildId, data);
            default -> new Command.Send(target, data);
        };
    }

    private static void require(boolean holds, String where, String what) throws Malformation {
        if (!holds) {
            throw new Malformation(where, what);
        }
    }

    /** Ends the reading of a body that is no command. */
    private static final class Malformation extends Exception {
        private static final long serialVersionUID = 1L;
        private final String where;

        Malformation(String where, String what) {
            super(what);
            this.where = where;
        }
    }
}
