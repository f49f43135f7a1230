package loom.dispatch.gateway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** The guild is read at the top of the data and nowhere else. */
final class GuildIdScannerTest {
    private static String of(String type, String data) throws MalformedFrameException {
        byte[] message =
                "{\"t\":\"%s\",\"s\":1,\"op\":0,\"d\":%s}"
                        .formatted(type, data)
                        .getBytes(StandardCharsets.UTF_8);
        MessageEnvelope envelope = EnvelopeScanner.scan(message, message.length);
        assertEquals(
                data,
                new String(
                        message,
                        envelope.dataStart(),
                        envelope.dataEnd() - envelope.dataStart(),
                        StandardCharsets.UTF_8));
        return envelope.guildId();
    }

    @Test
    void anEventNamesItsGuildWhereverTheKeyStands() throws MalformedFrameException {
        String data =
                "{\"member\":{\"guild_id\":\"1\"},\"content\":\"guild_id\",\"guild_id\":\"22\"}";
        assertEquals("22", of("MESSAGE_CREATE", data));
    }

    @Test
    void aGuildIsItsOwn() throws MalformedFrameException {
        assertEquals("7", of("GUILD_DELETE", "{\"unavailable\":true,\"id\":\"7\"}"));
    }

    @Test
    void whatHasNoGuildHasNone() throws MalformedFrameException {
        assertEquals("", of("MESSAGE_CREATE", "{\"id\":\"5\"}"));
        assertEquals("", of("MESSAGE_CREATE", "{\"guild_id\":null}"));
        assertEquals("", of("SESSIONS_REPLACE", "[{\"guild_id\":\"3\"}]"));
        assertEquals("", of("ODD", "null"));
        assertEquals("", of("ODD", "{\"guild_id\":\"none\"}"));
        assertEquals("", of("ODD", "{\"guild_id\":\"\"}"));
    }

    @Test
    void dataThatIsBrokenInsideNamesNoneAndIsSkippedByItsBrackets() throws MalformedFrameException {
        assertEquals("", of("ODD", "{\"guild_id\":\"1\",\"a\" \"b\"}"));
        assertEquals("", of("ODD", "{\"guild_id\":\"1\",{}}"));
    }

    @Test
    void theOrderOfTheEnvelopesKeysDoesNotMatter() throws MalformedFrameException {
        byte[] message =
                "{\"d\":{\"id\":\"7\"},\"op\":0,\"t\":\"GUILD_CREATE\",\"s\":1}"
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals("7", EnvelopeScanner.scan(message, message.length).guildId());
    }
}
