package loom.dispatch.gateway;

import java.util.ArrayList;
import java.util.List;

/** The answer of the state machine: the next state and what to do, in order. */
record Step(ShardState state, List<ShardAction> actions) {
    Step {
        actions = List.copyOf(actions);
    }

    /** Nothing changes and nothing is done. */
    static Step stay(ShardState state) {
        return new Step(state, List.of());
    }

    static Step to(ShardState state, ShardAction... actions) {
        return new Step(state, List.of(actions));
    }

    /** The same step with these actions before its own. */
    Step after(ShardAction... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(actions);
        return new Step(state, all);
    }
}
