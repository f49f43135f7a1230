package loom.dispatch.broker.connection;

import loom.dispatch.broker.connection.ConnectionState.Closed;
import loom.dispatch.broker.connection.ConnectionState.Connecting;
import loom.dispatch.broker.connection.ConnectionState.Idle;
import loom.dispatch.broker.connection.ConnectionState.Retry;
import loom.dispatch.broker.connection.ConnectionState.Serving;
import loom.dispatch.broker.connection.ConnectionState.Waiting;
import loom.dispatch.runtime.RetryBackoff;

/**
 * Decides what the supervisor of a RabbitMQ connection does: a pure function from a state and an
 * event to the next state and a list of actions.
 *
 * <pre>
 *   Idle --started--> Connecting --opened--> Serving
 *                      |    ^                   |
 *       attempt failed |    | retry due, or     | lost
 *                      v    | another accepted  |
 *                     Waiting <-----------------+        any --close requested--> Closed
 * </pre>
 *
 * <p>Invariants: at most one connection is open. Every way into {@code Waiting} starts the retry
 * timer. After {@code Closed} nothing is opened, declared or attached.
 */
final class ConnectionMachine {
    private final boolean mustStart;
    private final int endpoints;
    private final ReconnectPolicy policy;

    /**
     * @param mustStart whether a refusal before the connection was ever open ends the start of the
     *     broker; otherwise the supervisor reports it and tries again
     * @param endpoints the number of addresses, which the attempts use in turn
     */
    ConnectionMachine(boolean mustStart, int endpoints, ReconnectPolicy policy) {
        this.mustStart = mustStart;
        this.endpoints = endpoints;
        this.policy = policy;
    }

    ConnectionStep step(ConnectionState state, ConnectionEvent event) {
        return switch (event) {
            case ConnectionEvent.OfEpoch of ->
                    of.epoch() == state.epoch() ? ofEpoch(state, of) : ConnectionStep.stay(state);
            case ConnectionEvent.Started _ ->
                    state instanceof Idle ? connect(0, Retry.NONE) : ConnectionStep.stay(state);
            case ConnectionEvent.RetryDue _ ->
                    state instanceof Waiting(var epoch, var retry, var _)
                            ? connect(epoch, retry)
                            : ConnectionStep.stay(state);
            case ConnectionEvent.OtherAccepted _ ->
                    state instanceof Waiting(var epoch, var retry, var wakeable) && wakeable
                            ? connect(epoch, retry)
                            : ConnectionStep.stay(state);
            case ConnectionEvent.MaintenanceDue _ ->
                    // RabbitMQ does not read a blocked connection, so it would not answer
                    state instanceof Serving(var _, var _, var blocked) && !blocked
                            ? ConnectionStep.to(state, new ConnectionAction.Maintain())
                            : ConnectionStep.stay(state);
            case ConnectionEvent.CloseRequested _ -> close(state);
        };
    }

    private ConnectionStep ofEpoch(ConnectionState state, ConnectionEvent.OfEpoch event) {
        return switch (state) {
            case Connecting connecting -> connecting(connecting, event);
            case Serving serving -> serving(serving, event);
            case Idle _, Waiting _, Closed _ -> ConnectionStep.stay(state);
        };
    }

    private ConnectionStep connecting(Connecting state, ConnectionEvent.OfEpoch event) {
        return switch (event) {
            case ConnectionEvent.Opened _ ->
                    ConnectionStep.to(
                            new Serving(state.epoch(), state.retry().failures(), false),
                            new ConnectionAction.ReportOpen(),
                            new ConnectionAction.AttachUsers());
            case ConnectionEvent.AttemptFailed(var _, ConnectionFailure.Refused refused, var _)
                    when mustStart && !state.retry().established() ->
                    ConnectionStep.to(
                            new Closed(state.epoch()), new ConnectionAction.FailStart(refused));
            case ConnectionEvent.AttemptFailed(var epoch, var failure, var accepted) ->
                    ConnectionStep.to(
                            new Waiting(epoch, state.retry().after(failure), true),
                            retryTimer(state.retry(), failure, accepted));
            case ConnectionEvent.Lost _,
                    ConnectionEvent.Blocked _,
                    ConnectionEvent.Unblocked _,
                    ConnectionEvent.TopologyRefused _ ->
                    ConnectionStep.stay(state);
        };
    }

    private ConnectionStep serving(Serving state, ConnectionEvent.OfEpoch event) {
        return switch (event) {
            case ConnectionEvent.Lost(var epoch, var failure, var stable) -> {
                var before = new Retry(true, stable ? 0 : state.failures(), "");
                // connections that RabbitMQ accepts and ends at once must not wake each other
                yield ConnectionStep.to(
                        new Waiting(epoch, before.after(failure), stable),
                        new ConnectionAction.Release(),
                        retryTimer(before, failure, true));
            }
            case ConnectionEvent.Blocked(var epoch, var reason) when !state.blocked() ->
                    ConnectionStep.to(
                            new Serving(epoch, state.failures(), true),
                            new ConnectionAction.ReportBlocked(reason));
            case ConnectionEvent.Unblocked(var epoch) when state.blocked() ->
                    ConnectionStep.to(
                            new Serving(epoch, state.failures(), false),
                            new ConnectionAction.ReportUnblocked(),
                            new ConnectionAction.Maintain());
            case ConnectionEvent.TopologyRefused(var _, var failure) ->
                    ConnectionStep.to(state, new ConnectionAction.ReportRefused(failure));
            case ConnectionEvent.Opened _,
                    ConnectionEvent.AttemptFailed _,
                    ConnectionEvent.Blocked _,
                    ConnectionEvent.Unblocked _ ->
                    ConnectionStep.stay(state);
        };
    }

    private ConnectionStep connect(long lastEpoch, Retry retry) {
        return ConnectionStep.to(
                new Connecting(lastEpoch + 1, retry),
                new ConnectionAction.Open(lastEpoch + 1, (int) (lastEpoch % endpoints)));
    }

    private ConnectionAction retryTimer(Retry before, ConnectionFailure failure, boolean accepted) {
        int failures = before.failures() + 1;
        RetryBackoff backoff = policy.backoff(accepted);
        return new ConnectionAction.StartRetryTimer(
                backoff.leastMillis(failures),
                backoff.mostMillis(failures),
                failure,
                ReconnectPolicy.isReported(failures, failure.explanation(), before.explanation()));
    }

    private static ConnectionStep close(ConnectionState state) {
        return switch (state) {
            case Serving(var epoch, var _, var _) ->
                    ConnectionStep.to(new Closed(epoch), new ConnectionAction.Release());
            case Closed _ -> ConnectionStep.stay(state);
            case Idle _, Connecting _, Waiting _ -> ConnectionStep.to(new Closed(state.epoch()));
        };
    }
}
