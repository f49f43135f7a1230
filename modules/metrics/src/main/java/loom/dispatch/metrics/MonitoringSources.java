package loom.dispatch.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The sources of everything that the HTTP endpoint serves.
 *
 * <p>Each request calls the suppliers on its own thread. Several threads may call them at a time.
 * They must not block.
 *
 * @param metrics the content of {@code /metrics}
 * @param live the checks of {@code /livez}; only a restart repairs a failing one
 * @param ready the checks of {@code /readyz}; all must pass before the service takes work
 * @param status the content of {@code /status} and of the status page at {@code /}; if empty, both
 *     answer 404
 * @param token required for every path except the health checks; if empty, every path is open
 */
public record MonitoringSources(
        Metrics metrics,
        Supplier<List<HealthCheck>> live,
        Supplier<List<HealthCheck>> ready,
        Optional<Supplier<StatusSnapshot>> status,
        Optional<BearerToken> token) {}
