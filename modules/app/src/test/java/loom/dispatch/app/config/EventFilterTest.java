package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests how {@code EVENTS_ALLOW} and {@code EVENTS_DENY} select the published events. */
class EventFilterTest {

    @Test
    void publishesEventsThatAreAllowedAndNotDenied() {
        EventFilter filter = EventFilter.of("MESSAGE_*, READY", "*_DELETE*");
        assertTrue(filter.admits("MESSAGE_CREATE"));
        assertTrue(filter.admits("READY"));
        assertFalse(filter.admits("MESSAGE_DELETE_BULK"));
        assertFalse(filter.admits("TYPING_START"));
        assertTrue(EventFilter.of("", "").admits("ANYTHING"));
        assertThrows(IllegalArgumentException.class, () -> EventFilter.of("A.B", ""));
    }
}
