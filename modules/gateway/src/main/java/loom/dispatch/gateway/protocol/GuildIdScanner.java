package loom.dispatch.gateway.protocol;

import loom.dispatch.runtime.JsonCursor;
import loom.dispatch.runtime.JsonSyntaxException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the guild id of an event while it skips the event's data: {@code guild_id} at the top
 * level, or {@code id} if the data is a guild. Used by one thread.
 */
final class GuildIdScanner {
    private static final byte[] GUILD_ID = "guild_id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final JsonCursor cursor;

    /** The indices of the two keys' values; 0 if absent, because no value can begin there. */
    private int guildId;

    private int id;

    /** Creates a scanner for the message that the cursor walks over. */
    GuildIdScanner(byte[] bytes, JsonCursor cursor) {
        this.bytes = bytes;
        this.cursor = cursor;
    }

    /** Moves the cursor behind the data that begins here. */
    void skipData() {
        int start = cursor.position();
        if (cursor.isAtObject()) {
            try {
                cursor.forEachField(this::field);
                return;
            } catch (JsonSyntaxException _) {
                // malformed data must not cost the connection: skip it by its brackets
                cursor.returnTo(start);
                guildId = 0;
                id = 0;
            }
        }
        cursor.skipValue();
    }

    private void field(int keyStart, int keyEnd) {
        int start = cursor.position();
        cursor.skipValue();
        if (Arrays.equals(bytes, keyStart, keyEnd, GUILD_ID, 0, GUILD_ID.length)) {
            guildId = start;
        } else if (Arrays.equals(bytes, keyStart, keyEnd, ID, 0, ID.length)) {
            id = start;
        }
    }

    /** Returns the guild id of an event of this type; empty if there is none. */
    String of(String type) {
        return switch (type) {
            case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE" -> snowflake(id);
            default -> snowflake(guildId);
        };
    }

    /** Returns the digits between the quotes. Any other value yields no guild id. */
    private String snowflake(int start) {
        if (start == 0 || bytes[start] != '"') {
            return "";
        }
        int end = start + 1;
        while (bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        // 20 digits hold any unsigned 64-bit number
        int digits = end - start - 1;
        return bytes[end] == '"' && digits > 0 && digits <= 20
                ? new String(bytes, start + 1, digits, StandardCharsets.US_ASCII)
                : "";
    }
}
