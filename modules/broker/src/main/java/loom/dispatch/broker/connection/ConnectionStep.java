package loom.dispatch.broker.connection;

import java.util.List;

/** A decision of the {@link ConnectionMachine}: the next state, and the actions in their order. */
record ConnectionStep(ConnectionState state, List<ConnectionAction> actions) {

    static ConnectionStep to(ConnectionState state, ConnectionAction... actions) {
        return new ConnectionStep(state, List.of(actions));
    }

    /** Changes nothing. */
    static ConnectionStep stay(ConnectionState state) {
        return new ConnectionStep(state, List.of());
    }
}
