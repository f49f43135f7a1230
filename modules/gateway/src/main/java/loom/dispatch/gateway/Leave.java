package loom.dispatch.gateway;

import loom.dispatch.gateway.ShardAction.Disconnect;
import loom.dispatch.gateway.ShardAction.ForgetSession;
import loom.dispatch.gateway.ShardAction.StartTimer;
import loom.dispatch.gateway.ShardAction.StopTimers;
import loom.dispatch.gateway.ShardAction.Tell;
import loom.dispatch.gateway.ShardAction.Timer;
import loom.dispatch.gateway.ShardState.Linked;
import loom.dispatch.gateway.ShardState.Paused;
import loom.dispatch.gateway.ShardState.Ready;
import loom.dispatch.gateway.ShardState.Stopped;

import java.time.Duration;
import java.util.ArrayList;

/**
 * Every way in which a shard leaves its connection: closed by us, lost, invalidated, drained.
 *
 * <p>Part of {@link ShardMachine}, pure as it is. The session survives all of it unless Discord
 * says that it is gone.
 */
final class Leave {
    private final Timing timing;

    Leave(Timing timing) {
        this.timing = timing;
    }

    /** We close a connection whose session, if any, goes on. */
    Step close(Linked state, Goodbye goodbye, Plan plan, int failures) {
        return pause(state, plan, failures)
                .after(new Disconnect(goodbye), told(goodbye.code(), goodbye.reason()));
    }

    /** The connection is gone without our doing. */
    Step lost(Linked state, int code, String reason) {
        boolean live = state instanceof Ready;
        return switch (CloseCode.reaction(code)) {
            case STOP ->
                    stop(state, new ShardState.Why.Refused(code))
                            .after(
                                    told(code, reason),
                                    new ShardAction.ForbidIdentifies(),
                                    new Tell(
                                            new ShardNotice.Refused(code, CloseCode.advice(code))));
            case IDENTIFY ->
                    pause(state, new Plan.Identify(), state.failures() + 1)
                            .after(told(code, reason));
            case RESUME -> {
                Plan plan = live ? state.plan() : state.plan().afterFailedConnect();
                // a session that was live is resumed at once; what never got there backs off
                int failures = live ? 0 : state.failures() + 1;
                yield pause(state, plan, failures).after(told(code, reason));
            }
        };
    }

    /** Op 9: a pause of 1 to 5 s, which grows when it happens again and again. */
    Step invalidated(Linked state, boolean resumable) {
        boolean resume = resumable && state.plan() instanceof Plan.Resume;
        Plan plan = resume ? state.plan() : new Plan.Identify();
        Goodbye goodbye = resume ? Goodbye.INVALID_SESSION : Goodbye.SESSION_OVER;
        int failures = state.failures() + 1;
        Duration most = timing.backOff(failures);
        return pause(
                        state,
                        plan,
                        failures,
                        longer(timing.invalidLeast(), most.dividedBy(2)),
                        longer(timing.invalidMost(), most))
                .after(
                        new Tell(new ShardNotice.SessionInvalidated(resumable)),
                        new Disconnect(goodbye),
                        told(goodbye.code(), goodbye.reason()));
    }

    /** Nothing comes any more: the session is tried elsewhere first, and then another one. */
    Step silent(Ready state, long millis, boolean giveUpSession) {
        Step left =
                giveUpSession
                        ? close(state, Goodbye.SESSION_OVER, new Plan.Identify(), 0)
                        : close(state, Goodbye.SILENT, new Plan.Resume(state.session(), true), 0);
        return left.after(new Tell(new ShardNotice.Silent(millis, giveUpSession)));
    }

    /** The service shuts down: the connection is closed so that the session can be resumed. */
    Step drain(ShardState state) {
        var drained = new ShardState.Why.Drained();
        return switch (state) {
            case Linked linked ->
                    stop(linked, drained)
                            .after(
                                    new Disconnect(Goodbye.DRAINED),
                                    told(Goodbye.DRAINED.code(), Goodbye.DRAINED.reason()));
            case Stopped stopped -> Step.stay(stopped);
            case ShardState.Idle idle -> stop(idle, drained);
            case Paused paused -> stop(paused, drained);
        };
    }

    private static Step stop(ShardState state, ShardState.Why why) {
        return Step.to(new Stopped(state.epoch(), why), new StopTimers());
    }

    private Step pause(Linked state, Plan plan, int failures) {
        Duration most = timing.backOff(failures);
        Duration least = failures == 0 ? Duration.ZERO : most.dividedBy(2);
        return pause(state, plan, failures, least, most);
    }

    private static Step pause(
            Linked state, Plan plan, int failures, Duration least, Duration most) {
        var actions = new ArrayList<ShardAction>();
        actions.add(new StopTimers());
        if (state.plan() instanceof Plan.Resume && plan instanceof Plan.Identify) {
            actions.add(new ForgetSession());
        }
        actions.add(new StartTimer(Timer.PAUSE, least, most));
        actions.add(new Tell(new ShardNotice.Reconnecting(failures)));
        return new Step(new Paused(state.epoch(), plan, failures), actions);
    }

    private static Tell told(int code, String reason) {
        return new Tell(new ShardNotice.Disconnected(code, reason));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
