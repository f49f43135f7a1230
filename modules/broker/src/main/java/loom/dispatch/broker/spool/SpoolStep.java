package loom.dispatch.broker.spool;

import java.util.List;

/** A decision of the {@link SpoolMachine}: the next state, and the actions in their order. */
record SpoolStep(SpoolState state, List<SpoolAction> actions) {

    static SpoolStep to(SpoolState state, SpoolAction... actions) {
        return new SpoolStep(state, List.of(actions));
    }

    /** Changes nothing. */
    static SpoolStep stay(SpoolState state) {
        return new SpoolStep(state, List.of());
    }
}
