package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.CloseCode;
import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.gateway.machine.ShardAction.Disconnect;
import loom.dispatch.gateway.machine.ShardAction.ForgetSession;
import loom.dispatch.gateway.machine.ShardAction.StartTimer;
import loom.dispatch.gateway.machine.ShardAction.StopTimers;
import loom.dispatch.gateway.machine.ShardAction.Tell;
import loom.dispatch.gateway.machine.ShardAction.Timer;
import loom.dispatch.gateway.machine.ShardState.Paused;
import loom.dispatch.gateway.machine.ShardState.Ready;
import loom.dispatch.gateway.machine.ShardState.Stopped;
import loom.dispatch.gateway.machine.ShardState.WithConnection;

import java.time.Duration;
import java.util.ArrayList;

/**
 * Decides the steps by which a shard leaves its connection: closed by the shard, lost, invalidated,
 * or drained.
 *
 * <p>Part of {@link ShardMachine}, and as pure. The session survives unless Discord ended it.
 */
final class Disconnection {
    private final ShardTimeouts timeouts;

    Disconnection(ShardTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** Closes the connection. The session, if any, survives. */
    ShardStep close(WithConnection state, CloseReason reason, HandshakePlan plan, int failures) {
        return pause(state, plan, failures)
                .after(new Disconnect(reason), reportDisconnected(reason.code(), reason.reason()));
    }

    /** Handles a connection that Discord or the network ended. */
    ShardStep lost(WithConnection state, int code, String reason) {
        boolean live = state instanceof Ready;
        return switch (CloseCode.reaction(code)) {
            case STOP ->
                    stop(state, new ShardState.StopReason.Refused(code))
                            .after(
                                    reportDisconnected(code, reason),
                                    new ShardAction.ForbidIdentifies(),
                                    new Tell(
                                            new ShardLifecycleEvent.Refused(
                                                    code, CloseCode.advice(code))));
            case IDENTIFY ->
                    pause(state, new HandshakePlan.Identify(), state.failures() + 1)
                            .after(reportDisconnected(code, reason));
            case RESUME -> {
                HandshakePlan plan = live ? state.plan() : state.plan().afterFailedConnect();
                // a live session is resumed at once; a connection that never became ready backs
                // off
                int failures = live ? 0 : state.failures() + 1;
                yield pause(state, plan, failures).after(reportDisconnected(code, reason));
            }
        };
    }

    /** Handles op 9: pauses for 1 to 5 s, and longer if it repeats. */
    ShardStep invalidated(WithConnection state, boolean resumable) {
        boolean resume = resumable && state.plan() instanceof HandshakePlan.Resume;
        HandshakePlan plan = resume ? state.plan() : new HandshakePlan.Identify();
        CloseReason reason = resume ? CloseReason.INVALID_SESSION : CloseReason.SESSION_OVER;
        int failures = state.failures() + 1;
        Duration most = timeouts.backOff(failures);
        return pause(
                        state,
                        plan,
                        failures,
                        longest(timeouts.invalidLeast(), most.dividedBy(2)),
                        longest(timeouts.invalidMost(), most))
                .after(
                        new Tell(new ShardLifecycleEvent.SessionInvalidated(resumable)),
                        new Disconnect(reason),
                        reportDisconnected(reason.code(), reason.reason()));
    }

    /**
     * Handles a silent shard: resumes the session on the main URL, or gives it up for a new one.
     */
    ShardStep silent(Ready state, long millis, boolean giveUpSession) {
        ShardStep left =
                giveUpSession
                        ? close(state, CloseReason.SESSION_OVER, new HandshakePlan.Identify(), 0)
                        : close(
                                state,
                                CloseReason.SILENT,
                                new HandshakePlan.Resume(state.session(), true),
                                0);
        return left.after(new Tell(new ShardLifecycleEvent.Silent(millis, giveUpSession)));
    }

    /** Drains the shard: closes the connection so that the session can be resumed. */
    ShardStep drain(ShardState state) {
        var drained = new ShardState.StopReason.Drained();
        return switch (state) {
            case WithConnection connected ->
                    stop(connected, drained)
                            .after(
                                    new Disconnect(CloseReason.DRAINED),
                                    reportDisconnected(
                                            CloseReason.DRAINED.code(),
                                            CloseReason.DRAINED.reason()));
            case Stopped stopped -> ShardStep.stay(stopped);
            case ShardState.Idle idle -> stop(idle, drained);
            case Paused paused -> stop(paused, drained);
        };
    }

    private static ShardStep stop(ShardState state, ShardState.StopReason reason) {
        return ShardStep.to(new Stopped(state.epoch(), reason), new StopTimers());
    }

    private ShardStep pause(WithConnection state, HandshakePlan plan, int failures) {
        Duration most = timeouts.backOff(failures);
        Duration least = failures == 0 ? Duration.ZERO : most.dividedBy(2);
        return pause(state, plan, failures, least, most);
    }

    private static ShardStep pause(
            WithConnection state, HandshakePlan plan, int failures, Duration least, Duration most) {
        var actions = new ArrayList<ShardAction>();
        actions.add(new StopTimers());
        if (state.plan() instanceof HandshakePlan.Resume
                && plan instanceof HandshakePlan.Identify) {
            actions.add(new ForgetSession());
        }
        actions.add(new StartTimer(Timer.PAUSE, least, most));
        actions.add(new Tell(new ShardLifecycleEvent.Reconnecting(failures)));
        return new ShardStep(new Paused(state.epoch(), plan, failures), actions);
    }

    private static Tell reportDisconnected(int code, String reason) {
        return new Tell(new ShardLifecycleEvent.Disconnected(code, reason));
    }

    private static Duration longest(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
