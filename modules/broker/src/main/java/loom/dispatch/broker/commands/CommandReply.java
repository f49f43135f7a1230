package loom.dispatch.broker.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import loom.dispatch.broker.CommandResult;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a command's result as the JSON body of the reply. */
public final class CommandReply {
    private static final JsonFactory JSON = new JsonFactory();

    private CommandReply() {}

    static byte[] json(CommandResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("result", result.name());
            writeDetails(out, result);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void writeDetails(JsonGenerator out, CommandResult result) throws IOException {
        switch (result) {
            case CommandResult.Sent _, CommandResult.Expired _ -> {
                // no details
            }
            case CommandResult.NotConnected(int shard) -> out.writeNumberField("shard", shard);
            case CommandResult.QueueFull(int shard) -> out.writeNumberField("shard", shard);
            case CommandResult.RateLimited(long until) -> out.writeNumberField("until_ms", until);
            case CommandResult.TooLarge(int bytes, int limit) -> {
                out.writeNumberField("bytes", bytes);
                out.writeNumberField("limit", limit);
            }
            case CommandResult.UnknownShard(int shard) -> out.writeNumberField("shard", shard);
            case CommandResult.Malformed(String where, String what) -> {
                out.writeStringField("where", where);
                out.writeStringField("what", what);
            }
        }
    }
}
