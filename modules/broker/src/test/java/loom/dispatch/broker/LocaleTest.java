package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.broker.commands.CommandParser;
import loom.dispatch.broker.spool.SpoolGapEvent;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;

import java.nio.charset.StandardCharsets;

/** Tests that numbers in JSON use ASCII digits in every locale. */
@DefaultLocale("ar-EG")
final class LocaleTest {
    @BeforeEach
    void digitsAreArabic() {
        assertEquals("\u0663", "%d".formatted(3), "this test needs a JDK with Arabic digits");
    }

    private static void assertText(String expected, byte[] bytes) {
        assertEquals(expected, new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void forwardedCommandHasAsciiDigits() {
        assertText("{\"op\":1,\"shard\":3}", CommandParser.write(new Command.Reconnect(3)));
        byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
        assertText(
                "{\"op\":5,\"shard\":3,\"guild_id\":\"12\",\"data\":{}}",
                CommandParser.write(new Command.RequestMembers(3, "12", data)));
    }

    @Test
    void spoolGapEventHasAsciiDigits() {
        var origin = new EventOrigin(3, 17, "s", "", false);
        EventMessage last = new EventMessage(1, "RESUMED", new byte[0], "s:17", 0, origin);
        assertText(
                "{\"op\":0,\"t\":\"DISPATCH_GAP\",\"d\":{\"shard\":3,\"old_session_id\":\"s\","
                        + "\"last_sequence\":17,\"session_id\":\"s\"}}",
                SpoolGapEvent.after(last, 2).body());
    }
}
