package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** INTENTS as operators write them. */
final class IntentsTest {
    @Test
    void namesAndTheirNumberAreTheSame() {
        assertEquals(
                Intents.parse("33281"), Intents.parse("guilds, GUILD_MESSAGES,MESSAGE_CONTENT"));
        assertEquals(1 << 24 | 1 << 25, Intents.parse("GUILD_MESSAGE_POLLS,DIRECT_MESSAGE_POLLS"));
    }

    @Test
    void aBitThatNobodyKnowsYetIsKeptAndTold() {
        long future = 1L << 27;
        assertEquals(future | 1, Intents.parse(Long.toString(future | 1)));
        assertEquals(future, Intents.unknown(future | 1));
        assertEquals(0, Intents.unknown(Intents.parse("53608447")));
    }

    @Test
    void aNameThatIsNoneIsNamed() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class, () -> Intents.parse("GUILDS,GUILD_TYPO"));
        assertEquals("unknown intent GUILD_TYPO", refused.getMessage());
    }
}
