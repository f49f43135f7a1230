package loom.dispatch.gateway.machine;

import java.util.ArrayList;
import java.util.List;

/** The answer of the state machine: the next state and what to do, in order. */
public record ShardStep(ShardState state, List<ShardAction> actions) {
    public ShardStep {
        actions = List.copyOf(actions);
    }

    /** Nothing changes and nothing is done. */
    static ShardStep stay(ShardState state) {
        return new ShardStep(state, List.of());
    }

    static ShardStep to(ShardState state, ShardAction... actions) {
        return new ShardStep(state, List.of(actions));
    }

    /** The same step with these actions before its own. */
    ShardStep after(ShardAction... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(actions);
        return new ShardStep(state, all);
    }
}
