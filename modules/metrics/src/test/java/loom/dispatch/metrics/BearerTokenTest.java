package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** The token opens for who has it and shows itself to nobody. */
final class BearerTokenTest {
    private static final String SECRET = "correct horse";

    @Test
    void neverPrintsItself() {
        var token = new BearerToken(SECRET);
        assertEquals("***", token.toString());
        var content =
                new MonitoringSources(
                        new Metrics(), List::of, List::of, Optional.empty(), Optional.of(token));
        assertFalse(content.toString().contains(SECRET), content.toString());
    }

    @Test
    void aBlankOneIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BearerToken(" "));
    }

    @Test
    void opensOnlyForTheWholeSecret() {
        var token = new BearerToken(SECRET);
        assertTrue(token.opens("Bearer " + SECRET));
        assertTrue(token.opens("bearer " + SECRET));
        for (String wrong :
                List.of("", "Bearer", "Bearer ", "Bearer correct", "Digest " + SECRET, SECRET)) {
            assertFalse(token.opens(wrong), wrong);
        }
    }
}
