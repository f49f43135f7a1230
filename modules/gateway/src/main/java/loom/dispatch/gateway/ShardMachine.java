package loom.dispatch.gateway;

import loom.dispatch.gateway.ShardAction.StartTimer;
import loom.dispatch.gateway.ShardAction.StopTimer;
import loom.dispatch.gateway.ShardAction.Tell;
import loom.dispatch.gateway.ShardAction.Timer;
import loom.dispatch.gateway.ShardState.AwaitingHello;
import loom.dispatch.gateway.ShardState.AwaitingPermit;
import loom.dispatch.gateway.ShardState.AwaitingPlace;
import loom.dispatch.gateway.ShardState.Beating;
import loom.dispatch.gateway.ShardState.Connecting;
import loom.dispatch.gateway.ShardState.Identifying;
import loom.dispatch.gateway.ShardState.Linked;
import loom.dispatch.gateway.ShardState.Open;
import loom.dispatch.gateway.ShardState.Paused;
import loom.dispatch.gateway.ShardState.Ready;
import loom.dispatch.gateway.ShardState.Resuming;
import loom.dispatch.gateway.ShardState.Unlinked;

import java.time.Duration;

/**
 * A shard's decisions: a pure function from a state and an event to the next state and the actions.
 *
 * <p>No I/O, no clock, no randomness, no logging: a timer's jitter is a range that the shard's
 * thread draws from. Every way to lose a connection goes through {@link Leave}. The rules are those
 * of protocol sections 1.5 to 1.13.
 */
final class ShardMachine {
    private final Timing timing;
    private final Leave leave;

    ShardMachine(Timing timing) {
        this.timing = timing;
        this.leave = new Leave(timing);
    }

    Step step(ShardState state, ShardEvent event) {
        return switch (event) {
            case ShardEvent.OfConnection of ->
                    // an event of an older connection, or of one that we have already left
                    state instanceof Linked linked && of.epoch() == state.epoch()
                            ? ofConnection(linked, of)
                            : Step.stay(state);
            case ShardEvent.Start(var plan) ->
                    state instanceof ShardState.Idle ? connect(0, plan, 0) : Step.stay(state);
            case ShardEvent.PauseOver _ ->
                    state instanceof Paused(var epoch, var plan, var failures)
                            ? connect(epoch, plan, failures)
                            : Step.stay(state);
            case ShardEvent.HeartbeatDue(var heard, var withheld) ->
                    state instanceof Beating beating
                            ? heartbeatDue(beating, heard || withheld)
                            : Step.stay(state);
            case ShardEvent.ProbeDue(var finding) ->
                    state instanceof Beating beating ? probed(beating, finding) : Step.stay(state);
            case ShardEvent.DeadlinePassed(var progress) -> deadlinePassed(state, progress);
            case ShardEvent.ReconnectCommanded _ ->
                    // what is on its way to ready anyway is left alone: an IDENTIFY is precious
                    state instanceof Ready live
                            ? reconnect(live, Goodbye.COMMANDED)
                            : Step.stay(state);
            case ShardEvent.Silent(var millis, var giveUpSession) ->
                    state instanceof Ready live
                            ? leave.silent(live, millis, giveUpSession)
                            : Step.stay(state);
            case ShardEvent.Drain _ -> leave.drain(state);
        };
    }

    private Step ofConnection(Linked state, ShardEvent.OfConnection event) {
        return switch (event) {
            case ShardEvent.PlaceGranted _ -> placeGranted(state);
            case ShardEvent.Opened _ -> opened(state);
            case ShardEvent.Failed(var _, var reason) -> leave.lost(state, CloseCode.NONE, reason);
            case ShardEvent.Closed(var _, var code, var reason) -> leave.lost(state, code, reason);
            case ShardEvent.Corrupted _ ->
                    leave.close(state, Goodbye.CORRUPTED, state.plan(), state.failures() + 1);
            case ShardEvent.Hello(var _, var intervalMillis) -> hello(state, intervalMillis);
            case ShardEvent.HeartbeatRequested _ ->
                    state instanceof Open
                            ? Step.to(state, new ShardAction.SendHeartbeat())
                            : Step.stay(state);
            case ShardEvent.ReconnectRequested _ -> reconnect(state, Goodbye.RECONNECT);
            case ShardEvent.SessionInvalidated(var _, var resumable) ->
                    leave.invalidated(state, resumable);
            case ShardEvent.PermitGranted _ -> permitGranted(state);
            case ShardEvent.ReadyReceived(var _, var session) -> ready(state, session);
            case ShardEvent.ResumedReceived _ ->
                    state instanceof Resuming resuming
                            ? becomeReady(
                                    resuming,
                                    resuming.plan().session(),
                                    new ShardNotice.Resumed(resuming.plan().session().id()))
                            : Step.stay(state);
        };
    }

    private Step connect(int lastEpoch, Plan plan, int failures) {
        int epoch = lastEpoch + 1;
        return Step.to(
                new AwaitingPlace(epoch, plan, failures), new ShardAction.AskPlace(epoch, plan));
    }

    private Step placeGranted(Linked state) {
        if (!(state instanceof AwaitingPlace(var epoch, var plan, var failures))) {
            return Step.stay(state);
        }
        boolean resuming = plan instanceof Plan.Resume;
        return Step.to(
                new Connecting(epoch, plan, failures),
                new Tell(new ShardNotice.Connecting(resuming, plan.onMainUrl())),
                new ShardAction.Connect(epoch, plan),
                StartTimer.exactly(Timer.DEADLINE, timing.connect()));
    }

    private Step opened(Linked state) {
        return state instanceof Connecting(var epoch, var plan, var failures)
                ? Step.to(
                        new AwaitingHello(epoch, plan, failures),
                        new Tell(new ShardNotice.Connected()),
                        StartTimer.exactly(Timer.DEADLINE, timing.hello()))
                : Step.stay(state);
    }

    private Step hello(Linked state, long told) {
        if (!(state instanceof AwaitingHello(var epoch, var plan, var failures))) {
            return Step.stay(state);
        }
        long interval = Math.clamp(told, Timing.LEAST_INTERVAL_MILLIS, Timing.MOST_INTERVAL_MILLIS);
        var tell = new Tell(new ShardNotice.Hello(interval));
        // jittered over the whole interval, or a fleet restart sends thousands at once
        var heartbeat = new StartTimer(Timer.HEARTBEAT, Duration.ZERO, Duration.ofMillis(interval));
        return switch (plan) {
            case Plan.Identify _ ->
                    Step.to(
                            new AwaitingPermit(epoch, interval, failures),
                            tell,
                            heartbeat,
                            new StopTimer(Timer.DEADLINE),
                            new ShardAction.AskPermit(epoch));
            case Plan.Resume resume ->
                    Step.to(
                            new Resuming(epoch, interval, resume, failures),
                            tell,
                            heartbeat,
                            new ShardAction.SendResume(resume.session()),
                            StartTimer.exactly(Timer.DEADLINE, timing.ready()),
                            new Tell(new ShardNotice.Resuming(resume.session().id())));
        };
    }

    private Step permitGranted(Linked state) {
        return state instanceof AwaitingPermit(var epoch, var interval, var failures)
                ? Step.to(
                        new Identifying(epoch, interval, failures),
                        new ShardAction.SendIdentify(),
                        StartTimer.exactly(Timer.DEADLINE, timing.ready()),
                        new Tell(new ShardNotice.Identifying()))
                : Step.stay(state);
    }

    private Step ready(Linked state, Session session) {
        return switch (state) {
            // resumed from its very start: RESUMED is still to come
            case Resuming(var _, var _, var plan, var _)
                    when plan.session().id().equals(session.id()) ->
                    Step.stay(state);
            // while resuming or ready: Discord started a new session on its own
            case Identifying _, Resuming _, Ready _ ->
                    becomeReady((Beating) state, session, new ShardNotice.Ready(session.id()));
            case AwaitingPlace _, Connecting _, AwaitingHello _, AwaitingPermit _ ->
                    Step.stay(state);
        };
    }

    private static Step becomeReady(Beating state, Session session, ShardNotice notice) {
        return Step.to(
                new Ready(state.epoch(), state.intervalMillis(), session),
                new StopTimer(Timer.DEADLINE),
                new Tell(notice));
    }

    private Step heartbeatDue(Beating state, boolean alive) {
        return alive
                ? Step.to(
                        state,
                        new ShardAction.SendHeartbeat(),
                        StartTimer.exactly(
                                Timer.HEARTBEAT, Duration.ofMillis(state.intervalMillis())))
                : dead(state);
    }

    private Step dead(Beating state) {
        return leave.close(state, Goodbye.ZOMBIE, state.plan(), state.failures() + 1);
    }

    private Step probed(Beating state, IdleProbe.Finding finding) {
        return switch (finding) {
            case LIVELY -> Step.to(state, StartTimer.exactly(Timer.PROBE, timing.idle()));
            case IDLE ->
                    Step.to(
                            state,
                            new ShardAction.SendHeartbeat(),
                            StartTimer.exactly(Timer.PROBE, timing.answer()));
            case AT_REST -> Step.stay(state);
            case DEAD -> dead(state);
        };
    }

    private Step deadlinePassed(ShardState state, boolean progress) {
        return switch (state) {
            case Connecting connecting -> timedOut(connecting);
            case AwaitingHello awaiting -> timedOut(awaiting);
            case Identifying identifying -> late(identifying, progress);
            case Resuming resuming -> late(resuming, progress);
            case AwaitingPlace _, AwaitingPermit _, Ready _, Unlinked _ -> Step.stay(state);
        };
    }

    private Step late(Linked state, boolean progress) {
        return progress
                ? Step.to(state, StartTimer.exactly(Timer.DEADLINE, timing.ready()))
                : timedOut(state);
    }

    private Step timedOut(Linked state) {
        return leave.close(
                state, Goodbye.TIMED_OUT, state.plan().afterFailedConnect(), state.failures() + 1);
    }

    private Step reconnect(Linked state, Goodbye goodbye) {
        // told again and again before it is ready, a shard would storm Discord with connections
        int failures = state instanceof Ready ? 0 : state.failures() + 1;
        return leave.close(state, goodbye, state.plan(), failures);
    }
}
