package loom.dispatch.broker.publish;

import java.util.List;

/** A decision of the {@link LaneMachine}: the next state, and the actions in their order. */
record LaneStep(LaneState state, List<LaneAction> actions) {

    static LaneStep to(LaneState state, LaneAction... actions) {
        return new LaneStep(state, List.of(actions));
    }

    /** Changes nothing. */
    static LaneStep stay(LaneState state) {
        return new LaneStep(state, List.of());
    }
}
