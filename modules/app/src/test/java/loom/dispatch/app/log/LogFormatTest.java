package loom.dispatch.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Every event is one line that a machine reads, whatever others put into it. */
final class LogFormatTest {
    private static LogRecord record(String message) {
        var record = new LogRecord(Level.WARNING, message);
        record.setLoggerName("loom.dispatch.broker");
        record.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        return record;
    }

    @Test
    void anEventIsKeysAndValues() {
        assertEquals(
                "time=2026-01-02T03:04:05.678Z level=warn logger=loom.dispatch.broker"
                        + " event=rabbit.lost connection=0 reason=\"reset by peer\" retry_ms=20",
                LogFormat.TEXT.line(
                        record("rabbit.lost connection=0 reason=\"reset by peer\" retry_ms=20")));
    }

    @Test
    void quotesAndLineEndsInWhatOthersSayBreakNoLine() {
        assertEquals(
                "time=2026-01-02T03:04:05.678Z level=warn logger=loom.dispatch.broker"
                        + " event=rabbit.lost reason=\"vhost \\\"a b\\\" is gone now\" retry_ms=1",
                LogFormat.TEXT.line(
                        record("rabbit.lost reason=\"vhost \"a b\" is gone\nnow\" retry_ms=1")));
    }

    @Test
    void inJsonNumbersAreNumbersAndIdsStayText() throws Exception {
        String line =
                LogFormat.JSON_LINES.line(
                        record("shard.lost shard=3 guild=1234567890123456789 clean=true"));
        Map<String, Object> object = JSON.std.mapFrom(line);
        assertEquals(
                List.of("time", "level", "logger", "event", "shard", "guild", "clean"),
                List.copyOf(object.keySet()));
        assertEquals(3, object.get("shard"));
        assertEquals("1234567890123456789", object.get("guild"));
        assertEquals(true, object.get("clean"));
    }

    @Test
    void whatALibrarySaysIsText() throws Exception {
        LogRecord record = record("Something {0} \"odd\" happened");
        record.setParameters(new Object[] {1234});
        Map<String, Object> object = JSON.std.mapFrom(LogFormat.JSON_LINES.line(record));
        assertEquals("log", object.get("event"));
        assertEquals("Something 1234 \"odd\" happened", object.get("text"));
    }

    @Test
    void anErrorIsToldWithItsCauses() throws Exception {
        LogRecord record = record("service.failed");
        record.setThrown(new IllegalStateException("a\nb", new RuntimeException("deep")));
        String text = LogFormat.TEXT.line(record);
        assertTrue(text.contains(" cause=\"java.lang.IllegalStateException: a b\"\n    at "), text);
        assertTrue(text.contains("\n    caused by java.lang.RuntimeException: deep\n"), text);
        assertEquals(1, LogFormat.JSON_LINES.line(record).lines().count());
    }

    @Test
    void everyLineForTheJournalCarriesItsPriority() {
        assertEquals("<4>a\n<4>b", JournalPriority.marked("a\nb", Level.WARNING));
        assertEquals("<7>a", JournalPriority.marked("a", Level.FINE));
    }
}
