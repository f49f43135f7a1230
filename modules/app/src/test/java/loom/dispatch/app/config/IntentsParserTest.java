package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Tests the parsing of INTENTS. */
final class IntentsParserTest {
    @Test
    void namesAndNumberGiveTheSameBits() {
        assertEquals(
                IntentsParser.parse("33281"),
                IntentsParser.parse("guilds, GUILD_MESSAGES,MESSAGE_CONTENT"));
        assertEquals(
                1 << 24 | 1 << 25, IntentsParser.parse("GUILD_MESSAGE_POLLS,DIRECT_MESSAGE_POLLS"));
    }

    @Test
    void keepsAndReportsUnknownBit() {
        long future = 1L << 27;
        assertEquals(future | 1, IntentsParser.parse(Long.toString(future | 1)));
        assertEquals(future, IntentsParser.unknown(future | 1));
        assertEquals(0, IntentsParser.unknown(IntentsParser.parse("53608447")));
    }

    @Test
    void namesMisspeltIntent() {
        var environment = new Environment(Map.of(), Map.of("INTENTS", "GUILDS, guild_mesages"));
        environment.get(DiscordSettings.INTENTS);
        assertEquals(
                List.of(
                        "INTENTS=\"GUILDS, guild_mesages\": allowed is a number, or names joined by"
                                + " commas, for example GUILDS,GUILD_MESSAGES; unknown intent"
                                + " GUILD_MESAGES, did you mean GUILD_MESSAGES?"),
                environment.problems());
    }
}
