package loom.dispatch.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds out which guild an event belongs to. */
final class GuildId {
    private static final byte[] GUILD_ID = "guild_id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

    private GuildId() {}

    /**
     * The guild's id: {@code guild_id} of the data, or {@code id} where the data is a guild; empty
     * if there is none.
     */
    static String of(String type, byte[] data) {
        byte[] key =
                switch (type) {
                    case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE" -> ID;
                    default -> GUILD_ID;
                };
        var found = new String[] {""};
        try {
            new JsonCursor(data, data.length)
                    .object((keyStart, keyEnd, start, end) -> {
                        boolean match = Arrays.equals(data, keyStart, keyEnd, key, 0, key.length);
                        if (match && isSnowflake(data, start, end)) {
                            found[0] =
                                    new String(
                                            data,
                                            start + 1,
                                            end - start - 2,
                                            StandardCharsets.US_ASCII);
                        }
                        return !match;
                    });
        } catch (MalformedFrameException _) {
            // the data is no object, so it names no guild
            return "";
        }
        return found[0];
    }

    /** Digits between quotes; what is odd names no guild and harms nobody. */
    private static boolean isSnowflake(byte[] data, int start, int end) {
        // 20 digits hold any unsigned 64-bit number
        if (data[start] != '"' || end - start < 3 || end - start > 22) {
            return false;
        }
        for (int i = start + 1; i < end - 1; i++) {
            if (data[i] < '0' || data[i] > '9') {
                return false;
            }
        }
        return true;
    }
}
