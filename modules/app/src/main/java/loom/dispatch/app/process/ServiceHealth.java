package loom.dispatch.app.process;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.StatusSnapshot.Phase;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the service is, for those who supervise it.
 *
 * @param live what only a new process mends if it is not so
 * @param ready what must be so for every event to flow
 */
public record ServiceHealth(Phase phase, List<HealthCheck> live, List<HealthCheck> ready) {
    boolean isLive() {
        return live.stream().allMatch(HealthCheck::ok);
    }

    boolean isReady() {
        return ready.stream().allMatch(HealthCheck::ok);
    }

    /** What is not as it should be, in one line. */
    static String failing(List<HealthCheck> checks) {
        return checks.stream()
                .filter(check -> !check.ok())
                .map(check -> (check.name() + " " + check.detail()).strip())
                .collect(Collectors.joining(", "));
    }
}
