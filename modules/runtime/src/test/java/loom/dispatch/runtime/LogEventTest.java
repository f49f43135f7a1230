package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** An event's type and values are checked once and arrive as they were given. */
final class LogEventTest {
    private static final LogEventType LOST =
            type("link.lost", "link", "reason", "retry_ms", "session");

    private static LogEventType type(String name, String... fieldNames) {
        return new LogEventType(
                name, Level.WARNING, List.of(fieldNames), "A link is lost.", "Nothing to do.");
    }

    @Test
    void anEventPrintsItsFieldsInTheirOrder() {
        LogEvent event = LOST.with(3, "reset by peer", Duration.ofSeconds(2), Optional.of("s1"));
        assertEquals(
                "link.lost link=3 reason=\"reset by peer\" retry_ms=2000 session=s1",
                event.toString());
        assertEquals(
                "link.lost link=3 reason=\"reset by peer\" retry_ms=2000 session=s1"
                        + " cause=\"java.lang.RuntimeException: a b\"",
                event.causedBy(new RuntimeException("a\n b")).toString());
    }

    @Test
    void anEmptyOptionalLeavesItsFieldOutAndNullIsWritten() {
        LogEvent event =
                LOST.with(true, null, Duration.ofSeconds(Long.MAX_VALUE), Optional.empty());
        assertEquals(
                "link.lost link=true reason=null retry_ms=9223372036854775807", event.toString());
    }

    @Test
    void theNumberOfValuesMustBeThatOfTheFields() {
        assertThrows(IllegalArgumentException.class, () -> LOST.with(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> LOST.with(1, 2, 3, 4, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shard", "Shard.ready", "shard.", ".ready", "a..b", "a.b c", "a.1"})
    void aNameHasTwoWordsOrMore(String name) {
        assertThrows(IllegalArgumentException.class, () -> type(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a.b", "A", "a b", "time", "level", "logger", "event", "cause", "trace"})
    void aFieldNameIsOneWordThatTheFormatsDoNotUse(String field) {
        assertThrows(IllegalArgumentException.class, () -> type("a.b", field));
    }

    @Test
    void aTypeIsComplete() {
        assertThrows(IllegalArgumentException.class, () -> type("a.b", "x", "x"));
        for (Level level : List.of(Level.ALL, Level.OFF)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new LogEventType("a.b", level, List.of(), "m", "a"));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogEventType("a.b", Level.INFO, List.of(), " ", "a"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LogEventType("a.b", Level.INFO, List.of(), "m", ""));
    }

    @Test
    void aCatalogListsItsTypesInOrderAndRefusesASecondOfOneName() {
        var catalog = new LogEventCatalog();
        List<LogEventType> added =
                List.of(
                        catalog.info("a.b", "m", "a", "x"),
                        catalog.error("a.c", "m", "a"),
                        catalog.warning("a.d", "m", "a"),
                        catalog.debug("a.e", "m", "a"));
        assertEquals(added, catalog.all());
        assertEquals(
                List.of(Level.INFO, Level.ERROR, Level.WARNING, Level.DEBUG),
                added.stream().map(LogEventType::level).toList());
        assertThrows(IllegalArgumentException.class, () -> catalog.info("a.b", "m", "a"));
    }

    /** Keeps the records. */
    private static final class Records extends Handler {
        private final List<LogRecord> all = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            all.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aHandlerFindsTheEventItselfInTheRecord() {
        Logger logger = Logger.getLogger("loom.dispatch.runtime.test");
        var records = new Records();
        logger.addHandler(records);
        logger.setUseParentHandlers(false);
        try {
            logger.setLevel(java.util.logging.Level.WARNING);
            var log = new EventLog("loom.dispatch.runtime.test");
            LogEvent event = LOST.with(1, "{0}", 2, 3).causedBy(new RuntimeException("gone"));
            log.write(event);
            log.write(LOST, 4, 5, 6, 7);
            LogEventType quiet = new LogEventType("a.b", Level.INFO, List.of(), "m", "a");
            assertFalse(log.isEnabled(quiet));
            log.write(quiet);
            log.write(quiet.with());
            assertEquals(2, records.all.size());
            LogRecord record = records.all.getFirst();
            assertEquals("{0}", record.getMessage());
            assertSame(event, record.getParameters()[0]);
            assertEquals(java.util.logging.Level.WARNING, record.getLevel());
            assertTrue(records.all.getLast().getParameters()[0].toString().contains("session=7"));
        } finally {
            logger.removeHandler(records);
        }
    }
}
