package loom.dispatch.app.process;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.StatusSnapshot.Phase;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The health of the service, for a supervisor.
 *
 * @param live checks that only a restart can repair
 * @param ready conditions for the flow of all events
 */
public record ServiceHealth(Phase phase, List<HealthCheck> live, List<HealthCheck> ready) {
    boolean isLive() {
        return live.stream().allMatch(HealthCheck::ok);
    }

    boolean isReady() {
        return ready.stream().allMatch(HealthCheck::ok);
    }

    /** Returns the failing checks in one line. */
    static String failing(List<HealthCheck> checks) {
        return checks.stream()
                .filter(check -> !check.ok())
                .map(check -> (check.name() + " " + check.detail()).strip())
                .collect(Collectors.joining(", "));
    }
}
