package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The guild is read at the top of the data and nowhere else. */
final class GuildIdTest {
    private static String of(String type, String data) {
        return GuildId.of(type, data.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEventNamesItsGuildWhereverTheKeyStands() {
        String data =
                "{\"member\":{\"guild_id\":\"1\"},\"content\":\"guild_id\",\"guild_id\":\"22\"}";
        assertEquals("22", of("MESSAGE_CREATE", data));
    }

    @Test
    void aGuildIsItsOwn() {
        assertEquals("7", of("GUILD_DELETE", "{\"unavailable\":true,\"id\":\"7\"}"));
    }

    @Test
    void whatHasNoGuildHasNone() {
        assertEquals("", of("MESSAGE_CREATE", "{\"id\":\"5\"}"));
        assertEquals("", of("MESSAGE_CREATE", "{\"guild_id\":null}"));
        assertEquals("", of("SESSIONS_REPLACE", "[{\"guild_id\":\"3\"}]"));
        assertEquals("", of("ODD", "null"));
        assertEquals("", of("ODD", "{\"guild_id\":\"none\"}"));
        assertEquals("", of("ODD", "{\"guild_id\":\"\"}"));
    }
}
