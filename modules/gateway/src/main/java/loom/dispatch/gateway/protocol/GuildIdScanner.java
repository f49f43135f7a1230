package loom.dispatch.gateway.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds out which guild an event belongs to while its data is skipped: {@code guild_id} at the top
 * of the data, or {@code id} where the data is a guild. Used by one thread.
 */
final class GuildIdScanner {
    private static final byte[] GUILD_ID = "guild_id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final JsonCursor cursor;

    /** Where the values of the two keys begin; 0, where no value can be, while there is none. */
    private int guildId;

    private int id;

    /** Reads the message that the cursor walks over. */
    GuildIdScanner(byte[] bytes, JsonCursor cursor) {
        this.bytes = bytes;
        this.cursor = cursor;
    }

    /** Moves the cursor over the data that it stands at. */
    void skipData() throws MalformedFrameException {
        int start = cursor.at();
        if (cursor.isAtObject()) {
            try {
                cursor.object(this::field);
                return;
            } catch (MalformedFrameException e) {
                // inside the data nothing is judged: it is skipped by its brackets
                cursor.returnTo(start);
                guildId = 0;
                id = 0;
            }
        }
        cursor.value();
    }

    private void field(int keyStart, int keyEnd) throws MalformedFrameException {
        int start = cursor.at();
        cursor.value();
        if (Arrays.equals(bytes, keyStart, keyEnd, GUILD_ID, 0, GUILD_ID.length)) {
            guildId = start;
        } else if (Arrays.equals(bytes, keyStart, keyEnd, ID, 0, ID.length)) {
            id = start;
        }
    }

    /** The guild of an event of that type; empty if there is none. */
    String of(String type) {
        return switch (type) {
            case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE" -> snowflake(id);
            default -> snowflake(guildId);
        };
    }

    /** Digits between quotes; what is odd names no guild and harms nobody. */
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
