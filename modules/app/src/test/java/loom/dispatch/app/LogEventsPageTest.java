package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.metrics.MetricsLogEvents;
import loom.dispatch.runtime.LogEventType;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** docs/log-events.md lists the log events of all modules. */
final class LogEventsPageTest {
    private static final List<String> COLUMNS =
            List.of("event", "level", "fields", "meaning", "what to do");

    private static Map<String, List<LogEventType>> catalogs() {
        Map<String, List<LogEventType>> catalogs = new LinkedHashMap<>();
        catalogs.put("Service", AppLogEvents.all());
        catalogs.put("Discord gateway", GatewayLogEvents.all());
        catalogs.put("RabbitMQ and spool", BrokerLogEvents.all());
        catalogs.put("Redis and state", CacheLogEvents.all());
        catalogs.put("Monitoring", MetricsLogEvents.all());
        return catalogs;
    }

    @Test
    void logEventsPageEqualsCatalogsOfTheCode() throws IOException {
        GeneratedPage.check(
                "log-events.md",
                catalogs().entrySet().stream()
                        .map(catalog ->
                                GeneratedPage.section(
                                        catalog.getKey(),
                                        COLUMNS,
                                        catalog.getValue().stream()
                                                .map(LogEventsPageTest::row)
                                                .toList()))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void everyLogEventHasItsOwnName() {
        List<String> names =
                catalogs().values().stream().flatMap(List::stream).map(LogEventType::name).toList();
        assertEquals(names.stream().distinct().toList(), names);
    }

    private static List<String> row(LogEventType type) {
        return List.of(
                GeneratedPage.code(type.name()),
                type.level() == System.Logger.Level.WARNING
                        ? "warn"
                        : type.level().name().toLowerCase(Locale.ROOT),
                type.fieldNames().stream()
                        .map(GeneratedPage::code)
                        .collect(Collectors.joining(", ")),
                type.meaning(),
                type.action());
    }
}
