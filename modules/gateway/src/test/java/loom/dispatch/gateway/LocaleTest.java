package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.gateway.backlog.SessionGapEvent;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;

import java.nio.charset.StandardCharsets;

/** Checks that JSON has ASCII digits in every locale. */
@DefaultLocale("ar-EG")
final class LocaleTest {
    @BeforeEach
    void digitsAreArabic() {
        assertEquals("\u0663", "%d".formatted(3), "a JDK without Arabic digits tests nothing");
    }

    private static void assertText(String expected, byte[] bytes) {
        assertEquals(expected, new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void sessionGapEventHasArabicDigits() {
        var lost = new Checkpoint(Session.withoutUrl("old"), 17);
        var begun = Session.withoutUrl("new");
        assertText(
                "{\"shard\":3,\"old_session_id\":\"old\",\"last_sequence\":17,\"session_id\":\"new\"}",
                SessionGapEvent.event(1, 3, lost, begun, 0).data());
    }
}
