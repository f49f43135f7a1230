package loom.dispatch.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.runtime.LogEvent;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Tests that each record becomes one line whose fields no value can forge. */
final class LogRecordFormatTest {
    private static LogRecord record(String message, Object... parameters) {
        var record = new LogRecord(Level.WARNING, message);
        record.setParameters(parameters);
        record.setLoggerName("loom.dispatch.broker");
        record.setInstant(Instant.parse("2026-01-02T03:04:05.678901Z"));
        return record;
    }

    private static LogRecord record(LogEvent event) {
        return record("{0}", event);
    }

    @Test
    void textLineHasTheEventAndItsFields() {
        assertEquals(
                "time=2026-01-02T03:04:05.678Z level=warn logger=loom.dispatch.broker"
                        + " event=rabbit.disconnected connection=0 reason=\"reset by peer\""
                        + " retry_ms=20",
                LogRecordFormat.TEXT.line(
                        record(BrokerLogEvents.RABBIT_DISCONNECTED.with(0, "reset by peer", 20))));
    }

    @Test
    void reasonFromAPeerCannotForgeAFieldOrALine() throws Exception {
        String hostile = "x\" retry_ms=1\nlevel=error event=service.failed";
        LogRecord record = record(BrokerLogEvents.RABBIT_DISCONNECTED.with(0, hostile, 20));
        String text = LogRecordFormat.TEXT.line(record);
        assertEquals(1, text.lines().count());
        assertTrue(
                text.endsWith(
                        " reason=\"x\\\" retry_ms=1\\nlevel=error event=service.failed\""
                                + " retry_ms=20"),
                text);
        assertEquals(
                hostile, JSON.std.mapFrom(LogRecordFormat.JSON_LINES.line(record)).get("reason"));
    }

    @Test
    void jsonWritesSmallNumbersAsNumbersAndIdsAsText() throws Exception {
        String line =
                LogRecordFormat.JSON_LINES.line(
                        record(
                                GatewayLogEvents.SHARD_CONNECTING.with(
                                        3, "1234567890123456789", true)));
        Map<String, Object> object = JSON.std.mapFrom(line);
        assertEquals(
                List.of("time", "level", "logger", "event", "shard", "resuming", "main_url"),
                List.copyOf(object.keySet()));
        assertEquals(3, object.get("shard"));
        assertEquals("1234567890123456789", object.get("resuming"));
        assertEquals(true, object.get("main_url"));
    }

    @Test
    void recordOfALibraryIsTheEventLogWithAText() throws Exception {
        LogRecord record = record("Something {0} \"odd\" happened", 1234);
        Map<String, Object> object = JSON.std.mapFrom(LogRecordFormat.JSON_LINES.line(record));
        assertEquals("log", object.get("event"));
        assertEquals("Something 1234 \"odd\" happened", object.get("text"));
    }

    @Test
    void throwableIsWrittenWithItsCausesAndTrace() {
        LogRecord record =
                record(
                        AppLogEvents.SERVICE_FAILED
                                .with()
                                .causedBy(
                                        new IllegalStateException(
                                                "a\nb", new RuntimeException("deep"))));
        String text = LogRecordFormat.TEXT.line(record);
        assertTrue(text.contains(" cause=\"java.lang.IllegalStateException: a b\"\n    at "), text);
        assertTrue(text.contains("\n    caused by java.lang.RuntimeException: deep\n"), text);
        assertEquals(1, LogRecordFormat.JSON_LINES.line(record).lines().count());
    }

    @Test
    void lineForTheJournalStartsWithItsPriority() {
        assertEquals("<4>a\n<4>b", JournalPriority.marked("a\nb", Level.WARNING));
        assertEquals("<7>a", JournalPriority.marked("a", Level.FINE));
    }
}
