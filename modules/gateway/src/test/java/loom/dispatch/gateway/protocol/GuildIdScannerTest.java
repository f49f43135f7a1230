package loom.dispatch.gateway.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** Checks that the guild id is read at the top level of the data only. */
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
    void guildIdIsFoundAtAnyPosition() throws MalformedFrameException {
        String data =
                "{\"member\":{\"guild_id\":\"1\"},\"content\":\"guild_id\",\"guild_id\":\"22\"}";
        assertEquals("22", of("MESSAGE_CREATE", data));
    }

    @Test
    void idIsGuildIdOfGuildEvents() throws MalformedFrameException {
        assertEquals("7", of("GUILD_DELETE", "{\"unavailable\":true,\"id\":\"7\"}"));
    }

    @Test
    void eventWithoutGuildHasNone() throws MalformedFrameException {
        assertEquals("", of("MESSAGE_CREATE", "{\"id\":\"5\"}"));
        assertEquals("", of("MESSAGE_CREATE", "{\"guild_id\":null}"));
        assertEquals("", of("SESSIONS_REPLACE", "[{\"guild_id\":\"3\"}]"));
        assertEquals("", of("ODD", "null"));
        assertEquals("", of("ODD", "{\"guild_id\":\"none\"}"));
        assertEquals("", of("ODD", "{\"guild_id\":\"\"}"));
    }

    @Test
    void malformedDataHasNoGuildAndIsSkippedByBrackets() throws MalformedFrameException {
        assertEquals("", of("ODD", "{\"guild_id\":\"1\",\"a\" \"b\"}"));
        assertEquals("", of("ODD", "{\"guild_id\":\"1\",{}}"));
    }

    @Test
    void orderOfEnvelopeKeysDoesNotMatter() throws MalformedFrameException {
        byte[] message =
                "{\"d\":{\"id\":\"7\"},\"op\":0,\"t\":\"GUILD_CREATE\",\"s\":1}"
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals("7", EnvelopeScanner.scan(message, message.length).guildId());
    }
}
