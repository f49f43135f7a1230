package loom.dispatch.broker.publish;

import loom.dispatch.broker.publish.LaneState.Attached;
import loom.dispatch.broker.publish.LaneState.Closed;
import loom.dispatch.broker.publish.LaneState.Detached;
import loom.dispatch.broker.publish.LaneState.Resending;
import loom.dispatch.broker.publish.LaneState.WithChannel;
import loom.dispatch.broker.publish.LaneState.WriteUnfinished;
import loom.dispatch.broker.publish.LaneState.Writing;

/**
 * Decides what a publishing lane does: a pure function from a state and an event to the next state
 * and a list of actions.
 *
 * <pre>
 *   Detached --attach--> Resending --resent--> Attached --offer--> Writing
 *      ^  ^                  |                   |  ^                 |  |
 *      |  +--channel lost----+---channel lost----+  +---write ended---+  | channel lost
 *      +-----------------write ended----------------- WriteUnfinished <--+
 * </pre>
 *
 * <p>These rules keep a shard's events in order:
 *
 * <ol>
 *   <li>A message enters the window once, before its first write.
 *   <li>Within an epoch every message from the first unconfirmed one on is written once, in window
 *       order. The supervisor writes those that were in the window when the epoch began; the
 *       dispatch thread writes the others. After a loss during a write, only the supervisor writes
 *       the message again.
 *   <li>Therefore publish tag {@code t} belongs to the t-th message from the start of the epoch. A
 *       consumer sees first arrivals in order, even if the last frames of an old connection arrive
 *       after the first ones of the new connection.
 *   <li>An event of an earlier epoch changes nothing.
 * </ol>
 *
 * <p>RabbitMQ can break rule 3: it rejects or returns one message and accepts later ones that were
 * on their way. The lane then resends all of them in order, but the first arrivals were not.
 *
 * <p>The window is not part of the state, because copying it for each message costs too much. The
 * machine gets what fits into the window with the event, and returns changes of it as actions.
 */
final class LaneMachine {
    private final boolean mustBeRouted;

    /**
     * @param mustBeRouted whether a returned message means that the topology is damaged
     */
    LaneMachine(boolean mustBeRouted) {
        this.mustBeRouted = mustBeRouted;
    }

    LaneStep step(LaneState state, LaneEvent event) {
        return switch (event) {
            case LaneEvent.OfChannel of ->
                    state instanceof WithChannel current && of.epoch() == current.epoch()
                            ? ofChannel(current, of)
                            : LaneStep.stay(state);
            case LaneEvent.Offered offered -> offered(state, offered);
            case LaneEvent.WriteEnded _ -> writeEnded(state);
            case LaneEvent.AttachRequested _ -> attachRequested(state);
            case LaneEvent.ConnectionLost _ -> LaneStep.to(withoutChannel(state));
            case LaneEvent.BlockedChanged(var blocked) -> LaneStep.to(withBlocked(state, blocked));
            case LaneEvent.CloseRequested _ -> LaneStep.to(new Closed(state.epoch()));
        };
    }

    private LaneStep ofChannel(WithChannel state, LaneEvent.OfChannel event) {
        return switch (event) {
            case LaneEvent.Resent _ ->
                    state instanceof Resending(var epoch, var blocked)
                            ? LaneStep.to(new Attached(epoch, blocked))
                            : LaneStep.stay(state);
            case LaneEvent.Confirmed(var _, var tag, var multiple) ->
                    LaneStep.to(state, new LaneAction.Confirm(tag, multiple));
            case LaneEvent.ChannelLost(var _, var reason) -> channelLost(state, reason);
            case LaneEvent.Nacked(var _, var tag) -> channelLost(state, "nack of tag " + tag);
            case LaneEvent.Returned(var _, var routingKey) ->
                    mustBeRouted
                            ? channelLost(state, "no queue for " + routingKey)
                            : LaneStep.stay(state);
        };
    }

    private static LaneStep offered(LaneState state, LaneEvent.Offered offered) {
        boolean hasMessage = offered.fitting().size() > offered.skips();
        return switch (state) {
            case Attached(var epoch, var blocked) when hasMessage && !blocked ->
                    LaneStep.to(
                            new Writing(epoch, false),
                            new LaneAction.Append(offered.fitting()),
                            new LaneAction.Write(epoch, offered.fitting()));
            case Closed _ -> LaneStep.to(state, new LaneAction.Reject());
            case Attached _, Detached _, WriteUnfinished _, Resending _, Writing _ ->
                    appendSkips(state, offered);
        };
    }

    /** A skipped event needs no room and no channel. */
    private static LaneStep appendSkips(LaneState state, LaneEvent.Offered offered) {
        return offered.skips() == 0
                ? LaneStep.stay(state)
                : LaneStep.to(
                        state,
                        new LaneAction.Append(offered.fitting().subList(0, offered.skips())));
    }

    private static LaneStep writeEnded(LaneState state) {
        return switch (state) {
            case Writing(var epoch, var blocked) -> LaneStep.to(new Attached(epoch, blocked));
            case WriteUnfinished(var epoch, var blocked) ->
                    LaneStep.to(new Detached(epoch, blocked));
            case Detached _, Resending _, Attached _, Closed _ -> LaneStep.stay(state);
        };
    }

    private static LaneStep attachRequested(LaneState state) {
        return switch (state) {
            case Detached(var epoch, var blocked) -> resend(epoch + 1, blocked);
            case Resending(var epoch, var blocked) -> resend(epoch + 1, blocked);
            case Attached(var epoch, var blocked) -> resend(epoch + 1, blocked);
            // the supervisor asks again after the write
            case Writing _, WriteUnfinished _ -> LaneStep.stay(state);
            case Closed _ -> LaneStep.stay(state);
        };
    }

    private static LaneStep resend(long epoch, boolean blocked) {
        return LaneStep.to(
                new Resending(epoch, blocked),
                new LaneAction.RestartTags(),
                new LaneAction.OpenAndResend(epoch));
    }

    private static LaneStep channelLost(WithChannel state, String reason) {
        LaneState lost = withoutChannel(state);
        return switch (state) {
            case Attached _, Writing _ -> LaneStep.to(lost, new LaneAction.RequestChannel(reason));
            // the supervisor's own attempt fails, or the broker closes
            case Resending _, Closed _ -> LaneStep.to(lost);
        };
    }

    private static LaneState withoutChannel(LaneState state) {
        return switch (state) {
            case Detached(var epoch, var blocked) -> new Detached(epoch + 1, blocked);
            case Resending(var epoch, var blocked) -> new Detached(epoch + 1, blocked);
            case Attached(var epoch, var blocked) -> new Detached(epoch + 1, blocked);
            case Writing(var epoch, var blocked) -> new WriteUnfinished(epoch + 1, blocked);
            case WriteUnfinished(var epoch, var blocked) -> new WriteUnfinished(epoch + 1, blocked);
            case Closed(var epoch) -> new Closed(epoch + 1);
        };
    }

    private static LaneState withBlocked(LaneState state, boolean blocked) {
        return switch (state) {
            case Detached(var epoch, var _) -> new Detached(epoch, blocked);
            case WriteUnfinished(var epoch, var _) -> new WriteUnfinished(epoch, blocked);
            case Resending(var epoch, var _) -> new Resending(epoch, blocked);
            case Attached(var epoch, var _) -> new Attached(epoch, blocked);
            case Writing(var epoch, var _) -> new Writing(epoch, blocked);
            case Closed _ -> state;
        };
    }
}
