package loom.dispatch.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the HTTP side shows. The suppliers are asked at each request, on its thread, several at a
 * time; they must not block.
 *
 * @param metrics for {@code /metrics}
 * @param live for {@code /livez}: what only a restart can mend
 * @param ready for {@code /readyz}: what must be so to take work
 * @param status for {@code /status} and the page at {@code /}; without it both are not found
 * @param token opens all but the health checks; without it they are open
 */
public record MonitoringSources(
        Metrics metrics,
        Supplier<List<HealthCheck>> live,
        Supplier<List<HealthCheck>> ready,
        Optional<Supplier<StatusSnapshot>> status,
        Optional<BearerToken> token) {

    /** Metrics alone; alive, and never ready, for nobody says so. */
    public static MonitoringSources of(Metrics metrics) {
        return new MonitoringSources(
                metrics,
                List::of,
                () -> List.of(new HealthCheck("service", false, "nothing reports its state")),
                Optional.empty(),
                Optional.empty());
    }
}
