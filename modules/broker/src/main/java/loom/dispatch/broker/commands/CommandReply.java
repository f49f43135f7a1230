package loom.dispatch.broker.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import loom.dispatch.broker.CommandResult;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a command's result as the JSON that its sender gets. */
public final class CommandReply {
    private static final JsonFactory JSON = new JsonFactory();

    /** Every word there is, for counters that must exist before the first of them. */
    public static final List<String> NAMES =
            List.of(
                    "sent",
                    "not_connected",
                    "rate_limited",
                    "queue_full",
                    "too_large",
                    "unknown_shard",
                    "expired",
                    "malformed");

    private CommandReply() {}

    static byte[] json(CommandResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("result", name(result));
            writeDetails(out, result);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The word for a result, in answers and in the header of rejected commands. */
    static String name(CommandResult result) {
        return switch (result) {
            case CommandResult.Sent _ -> "sent";
            case CommandResult.NotConnected _ -> "not_connected";
            case CommandResult.RateLimited _ -> "rate_limited";
            case CommandResult.QueueFull _ -> "queue_full";
            case CommandResult.TooLarge _ -> "too_large";
            case CommandResult.UnknownShard _ -> "unknown_shard";
            case CommandResult.Expired _ -> "expired";
            case CommandResult.Malformed _ -> "malformed";
        };
    }

    private static void writeDetails(JsonGenerator out, CommandResult result) throws IOException {
        switch (result) {
            case CommandResult.Sent _, CommandResult.Expired _ -> {
                // the word says it all
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
