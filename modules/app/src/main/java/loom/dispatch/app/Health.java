package loom.dispatch.app;

import loom.dispatch.metrics.Check;
import loom.dispatch.metrics.StatusSnapshot.Phase;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the service is, for those who supervise it.
 *
 * @param live what only a new process mends if it is not so
 * @param ready what must be so for every event to flow
 */
record Health(Phase phase, List<Check> live, List<Check> ready) {
    boolean isLive() {
        return live.stream().allMatch(Check::ok);
    }

    boolean isReady() {
        return ready.stream().allMatch(Check::ok);
    }

    /** What is not as it should be, in one line. */
    static String failing(List<Check> checks) {
        return checks.stream()
                .filter(check -> !check.ok())
                .map(check -> (check.name() + " " + check.detail()).strip())
                .collect(Collectors.joining(", "));
    }
}
