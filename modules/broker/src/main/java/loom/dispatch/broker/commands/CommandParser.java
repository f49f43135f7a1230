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
 * Parses the body of a command: {@code {"op":N,"shard":N,"guild_id":"…","data":{…}}}.
 *
 * <p>Keys may come in any order, unknown keys are ignored, and {@code data} is copied unchanged.
 *
 * <ul>
 *   <li>0: send to {@code shard}
 *   <li>1: reconnect {@code shard}
 *   <li>2: send to the shard of {@code guild_id}
 *   <li>3: send to all shards
 *   <li>4: update the presence of {@code shard}, or of all shards
 *   <li>5: request members of {@code guild_id}
 * </ul>
 */
public final class CommandParser {
    /** Discord closes the connection on a longer payload (gateway documentation: 4096 bytes). */
    static final int FRAME_BYTES = 4_096;

    private static final JsonFactory JSON = new JsonFactory();

    /** The result of parsing a body. */
    sealed interface Parsed {
        /** A valid command: one element for each target shard. */
        record Valid(List<Command> commands) implements Parsed {}

        /** An invalid command, and the result that the sender gets. */
        record Rejected(CommandResult reason) implements Parsed {}
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

    static Parsed parse(byte[] body, LocalShards shards) {
        CommandParser envelope = new CommandParser(body, shards);
        try {
            envelope.scan();
            return envelope.validate();
        } catch (MalformedException invalid) {
            return rejected(invalid.where, invalid.getMessage());
        } catch (JsonParseException broken) {
            return rejected(
                    "byte " + broken.getLocation().getByteOffset(), broken.getOriginalMessage());
        } catch (IOException broken) {
            return rejected("body", String.valueOf(broken.getMessage()));
        }
    }

    /** Writes the body of a command that another process carries out. */
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
        // the parser accepts only digits in a guild id, so that it needs no escaping
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

    private static Parsed rejected(String where, String what) {
        return new Parsed.Rejected(new CommandResult.Malformed(where, what));
    }

    private void scan() throws IOException, MalformedException {
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
            throws IOException, MalformedException {
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

    private Parsed validate() throws MalformedException {
        if (op != 1 && data.length > FRAME_BYTES) {
            return new Parsed.Rejected(new CommandResult.TooLarge(data.length, FRAME_BYTES));
        }
        List<Integer> targets = targets();
        for (int target : targets) {
            if (!shards.exists(target)) {
                return new Parsed.Rejected(new CommandResult.UnknownShard(target));
            }
        }
        require(op == 1 || data.length > 0, "data", "is no object");
        List<Command> commands = new ArrayList<>(targets.size());
        for (int target : targets) {
            commands.add(command(target));
        }
        return new Parsed.Valid(commands);
    }

    private List<Integer> targets() throws MalformedException {
        return switch ((int) op) {
            case 0, 1 -> {
                require(shardGiven, "shard", "is missing");
                yield List.of((int) shard);
            }
            case 2, 5 -> List.of(shards.ofGuild(guild()));
            case 3 -> all();
            case 4 -> shardGiven ? List.of((int) shard) : all();
            default -> throw new MalformedException("op", "is missing or unknown");
        };
    }

    private List<Integer> all() {
        return IntStream.range(0, shards.total()).boxed().toList();
    }

    private long guild() throws MalformedException {
        try {
            return Long.parseUnsignedLong(guildId);
        } catch (NumberFormatException notOne) {
            throw new MalformedException("guild_id", "is no snowflake");
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

    private static void require(boolean holds, String where, String what)
            throws MalformedException {
        if (!holds) {
            throw new MalformedException(where, what);
        }
    }

    /** Ends the parsing of an invalid body. */
    private static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String where;

        MalformedException(String where, String what) {
            super(what);
            this.where = where;
        }
    }
}
