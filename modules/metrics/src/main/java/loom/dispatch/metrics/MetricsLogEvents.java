package loom.dispatch.metrics;

import loom.dispatch.runtime.LogEventCatalog;
import loom.dispatch.runtime.LogEventType;

import java.util.List;

/** The log events of the metrics and the HTTP endpoint. */
public final class MetricsLogEvents {
    private static final LogEventCatalog CATALOG = new LogEventCatalog();

    /** A source of metrics threw an exception; its metrics are missing from this scrape. */
    public static final LogEventType METRICS_SOURCE_FAILED =
            CATALOG.warning(
                    "metrics.source_failed",
                    "A source of metrics threw an exception; its metrics are missing from this"
                            + " scrape.",
                    "Report it.",
                    "reason");

    /** An HTTP request failed unexpectedly and was answered with status 500. */
    public static final LogEventType HTTP_FAILED =
            CATALOG.warning(
                    "http.failed",
                    "An HTTP request failed unexpectedly and was answered with status 500.",
                    "Report it with the trace.",
                    "path");

    private MetricsLogEvents() {}

    /** Lists all log events of this module. */
    public static List<LogEventType> all() {
        return CATALOG.all();
    }
}
