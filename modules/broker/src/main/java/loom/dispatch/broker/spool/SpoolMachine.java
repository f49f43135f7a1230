package loom.dispatch.broker.spool;

import loom.dispatch.broker.spool.SpoolState.Closed;
import loom.dispatch.broker.spool.SpoolState.Direct;
import loom.dispatch.broker.spool.SpoolState.Spooling;

/**
 * Decides whether a lane publishes directly or through its spool: a pure function from a state and
 * an event to the next state and a list of actions.
 *
 * <pre>
 *   Direct --window full or idle, and memory short: appended--> Spooling
 *      ^                                                            |
 *      +----------RabbitMQ has confirmed everything on disk---------+
 * </pre>
 *
 * <p>These rules keep a shard's events in order, and lose none:
 *
 * <ol>
 *   <li>One thread publishes: the dispatch thread in {@code Direct}, the replay thread in {@code
 *       Spooling}.
 *   <li>Before the first batch of a spool, the messages in flight are appended, because a new
 *       process does not know them. This process does not publish those copies.
 *   <li>The lane returns to {@code Direct} under the lock that each append takes, so no event can
 *       be appended after the last read.
 *   <li>The files stay until checkpoints are saved that were taken after the replay. Until then the
 *       last record says from which sequence a new process resumes the session.
 * </ol>
 */
final class SpoolMachine {
    /** The events of an earlier process have positions below 0, those of this one above. */
    private static final long BEFORE_FIRST_POSITION = 0;

    private SpoolMachine() {}

    static SpoolStep step(SpoolState state, SpoolEvent event) {
        return switch (state) {
            case Direct direct -> direct(direct, event);
            case Spooling spooling -> spooling(spooling, event);
            case Closed closed -> closed(closed, event);
        };
    }

    private static SpoolStep direct(Direct state, SpoolEvent event) {
        return switch (event) {
            case SpoolEvent.Started(var spoolIsEmpty) ->
                    spoolIsEmpty
                            ? SpoolStep.stay(state)
                            : SpoolStep.to(
                                    new Spooling(state.replays() + 1, BEFORE_FIRST_POSITION),
                                    SpoolAction.START_REPLAY);
            case SpoolEvent.Offered _ -> SpoolStep.to(state, SpoolAction.PUBLISH);
            case SpoolEvent.WindowFull(var memoryIsShort) ->
                    memoryIsShort
                            ? SpoolStep.to(state, SpoolAction.APPEND_UNCONFIRMED_FIRST)
                            : SpoolStep.stay(state);
            case SpoolEvent.Idle(var unconfirmed, var memoryIsShort) ->
                    unconfirmed && memoryIsShort
                            ? SpoolStep.to(state, SpoolAction.APPEND_UNCONFIRMED_FIRST)
                            : SpoolStep.stay(state);
            case SpoolEvent.Appended(var lastPosition) ->
                    SpoolStep.to(
                            new Spooling(state.replays() + 1, lastPosition),
                            SpoolAction.START_REPLAY,
                            SpoolAction.REPORT_SPOOLED);
            case SpoolEvent.AppendFailed _ -> SpoolStep.to(state, SpoolAction.RETRY_LATER);
            case SpoolEvent.CheckpointsSaved(var replays) -> saved(state, replays);
            case SpoolEvent.CloseRequested _ ->
                    SpoolStep.to(new Closed(state.replays(), false), SpoolAction.CLOSE_FILE);
            case SpoolEvent.ReplayRound _ -> SpoolStep.to(state, SpoolAction.ABANDON_REPLAY);
        };
    }

    private static SpoolStep spooling(Spooling state, SpoolEvent event) {
        return switch (event) {
            case SpoolEvent.Offered _ -> SpoolStep.to(state, SpoolAction.APPEND);
            case SpoolEvent.Appended(var lastPosition) ->
                    SpoolStep.to(
                            new Spooling(state.replays(), lastPosition),
                            SpoolAction.REPORT_SPOOLED);
            case SpoolEvent.AppendFailed _ -> SpoolStep.to(state, SpoolAction.RETRY_LATER);
            case SpoolEvent.ReplayRound(var drained) ->
                    drained
                            ? SpoolStep.to(new Direct(state.replays()), SpoolAction.FINISH_REPLAY)
                            : SpoolStep.to(state, SpoolAction.REPLAY_NEXT);
            case SpoolEvent.CloseRequested _ ->
                    SpoolStep.to(new Closed(state.replays(), true), SpoolAction.CLOSE_FILE);
            case SpoolEvent.Started _,
                    SpoolEvent.WindowFull _,
                    SpoolEvent.Idle _,
                    SpoolEvent.CheckpointsSaved _ ->
                    SpoolStep.stay(state);
        };
    }

    private static SpoolStep closed(Closed state, SpoolEvent event) {
        return switch (event) {
            case SpoolEvent.Offered _, SpoolEvent.WindowFull _, SpoolEvent.AppendFailed _ ->
                    SpoolStep.to(state, SpoolAction.REJECT);
            case SpoolEvent.ReplayRound _ -> SpoolStep.to(state, SpoolAction.ABANDON_REPLAY);
            case SpoolEvent.CheckpointsSaved(var replays) ->
                    state.spooling() ? SpoolStep.stay(state) : saved(state, replays);
            case SpoolEvent.Started _,
                    SpoolEvent.Idle _,
                    SpoolEvent.Appended _,
                    SpoolEvent.CloseRequested _ ->
                    SpoolStep.stay(state);
        };
    }

    private static SpoolStep saved(SpoolState state, int replays) {
        return state.replays() == replays
                ? SpoolStep.to(state, SpoolAction.DELETE_FILES)
                : SpoolStep.stay(state);
    }
}
