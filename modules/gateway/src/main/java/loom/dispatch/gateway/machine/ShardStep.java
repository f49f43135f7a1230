package loom.dispatch.gateway.machine;

import java.util.ArrayList;
import java.util.List;

/** The result of one transition: the next state and the actions, in order. */
public record ShardStep(ShardState state, List<ShardAction> actions) {
    public ShardStep {
        actions = List.copyOf(actions);
    }

    /** Returns a step that changes nothing. */
    static ShardStep stay(ShardState state) {
        return new ShardStep(state, List.of());
    }

    static ShardStep to(ShardState state, ShardAction... actions) {
        return new ShardStep(state, List.of(actions));
    }

    /** Returns the same step with these actions before its own. */
    ShardStep after(ShardAction... first) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(actions);
        return new ShardStep(state, all);
    }
}
