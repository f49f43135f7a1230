package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** Tests the comparison of tokens, and that a token never prints its text. */
final class BearerTokenTest {
    private static final String SECRET = "correct horse";

    @Test
    void neverPrintsSecret() {
        var token = new BearerToken(SECRET);
        assertEquals("***", token.toString());
        var content =
                new MonitoringSources(
                        new Metrics(), List::of, List::of, Optional.empty(), Optional.of(token));
        assertFalse(content.toString().contains(SECRET), content.toString());
    }

    @Test
    void rejectsBlankToken() {
        assertThrows(IllegalArgumentException.class, () -> new BearerToken(" "));
    }

    @Test
    void matchesOnlyWholeSecret() {
        var token = new BearerToken(SECRET);
        assertTrue(token.matches("Bearer " + SECRET));
        assertTrue(token.matches("bearer " + SECRET));
        for (String wrong :
                List.of("", "Bearer", "Bearer ", "Bearer correct", "Digest " + SECRET, SECRET)) {
            assertFalse(token.matches(wrong), wrong);
        }
    }
}
