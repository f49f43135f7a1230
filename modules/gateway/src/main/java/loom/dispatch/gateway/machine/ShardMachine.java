package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.CloseCode;
import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.gateway.machine.ShardAction.StartTimer;
import loom.dispatch.gateway.machine.ShardAction.StopTimer;
import loom.dispatch.gateway.machine.ShardAction.Tell;
import loom.dispatch.gateway.machine.ShardAction.Timer;
import loom.dispatch.gateway.machine.ShardState.AwaitingHello;
import loom.dispatch.gateway.machine.ShardState.AwaitingPermit;
import loom.dispatch.gateway.machine.ShardState.AwaitingPlace;
import loom.dispatch.gateway.machine.ShardState.Connecting;
import loom.dispatch.gateway.machine.ShardState.Identifying;
import loom.dispatch.gateway.machine.ShardState.Open;
import loom.dispatch.gateway.machine.ShardState.Paused;
import loom.dispatch.gateway.machine.ShardState.Ready;
import loom.dispatch.gateway.machine.ShardState.Resuming;
import loom.dispatch.gateway.machine.ShardState.SendingHeartbeats;
import loom.dispatch.gateway.machine.ShardState.WithConnection;
import loom.dispatch.gateway.machine.ShardState.WithoutConnection;

import java.time.Duration;

/**
 * Decides what a shard does: a pure function from a state and an event to the next state and a list
 * of actions.
 *
 * <p>It does no I/O, reads no clock, draws no random numbers and logs nothing. The jitter of a
 * timer is a range, from which the shard's thread draws. {@link Disconnection} decides every way to
 * leave a connection. The rules are in protocol sections 1.5 to 1.13.
 */
public final class ShardMachine {
    private final ShardTimeouts timeouts;
    private final Disconnection disconnection;

    public ShardMachine(ShardTimeouts timeouts) {
        this.timeouts = timeouts;
        this.disconnection = new Disconnection(timeouts);
    }

    public ShardStep step(ShardState state, ShardEvent event) {
        return switch (event) {
            case ShardEvent.OfConnection of ->
                    // an event of a connection that the shard has left changes nothing
                    state instanceof WithConnection connected && of.epoch() == state.epoch()
                            ? ofConnection(connected, of)
                            : ShardStep.stay(state);
            case ShardEvent.Start(var plan) ->
                    state instanceof ShardState.Idle ? connect(0, plan, 0) : ShardStep.stay(state);
            case ShardEvent.PauseOver _ ->
                    state instanceof Paused(var epoch, var plan, var failures)
                            ? connect(epoch, plan, failures)
                            : ShardStep.stay(state);
            case ShardEvent.HeartbeatDue(var heard, var withheld) ->
                    state instanceof SendingHeartbeats active
                            ? heartbeatDue(active, heard || withheld)
                            : ShardStep.stay(state);
            case ShardEvent.IdleCheckDue(var finding) ->
                    state instanceof SendingHeartbeats active
                            ? idleChecked(active, finding)
                            : ShardStep.stay(state);
            case ShardEvent.DeadlinePassed(var progress) -> deadlinePassed(state, progress);
            case ShardEvent.ReconnectCommanded _ ->
                    // a shard that is not ready already connects, and an IDENTIFY must not be
                    // wasted
                    state instanceof Ready live
                            ? reconnect(live, CloseReason.COMMANDED)
                            : ShardStep.stay(state);
            case ShardEvent.Silent(var millis, var giveUpSession) ->
                    state instanceof Ready live
                            ? disconnection.silent(live, millis, giveUpSession)
                            : ShardStep.stay(state);
            case ShardEvent.Drain _ -> disconnection.drain(state);
        };
    }

    private ShardStep ofConnection(WithConnection state, ShardEvent.OfConnection event) {
        return switch (event) {
            case ShardEvent.PlaceGranted _ -> placeGranted(state);
            case ShardEvent.Opened _ -> opened(state);
            case ShardEvent.Failed(var _, var reason) ->
                    disconnection.lost(state, CloseCode.NONE, reason);
            case ShardEvent.Closed(var _, var code, var reason) ->
                    disconnection.lost(state, code, reason);
            case ShardEvent.Corrupted _ ->
                    disconnection.close(
                            state, CloseReason.CORRUPTED, state.plan(), state.failures() + 1);
            case ShardEvent.Hello(var _, var intervalMillis) -> hello(state, intervalMillis);
            case ShardEvent.HeartbeatRequested _ ->
                    state instanceof Open
                            ? ShardStep.to(state, new ShardAction.SendHeartbeat())
                            : ShardStep.stay(state);
            case ShardEvent.ReconnectRequested _ -> reconnect(state, CloseReason.RECONNECT);
            case ShardEvent.SessionInvalidated(var _, var resumable) ->
                    disconnection.invalidated(state, resumable);
            case ShardEvent.PermitGranted _ -> permitGranted(state);
            case ShardEvent.ReadyReceived(var _, var session) -> ready(state, session);
            case ShardEvent.ResumedReceived _ ->
                    state instanceof Resuming resuming
                            ? becomeReady(
                                    resuming,
                                    resuming.plan().session(),
                                    new ShardLifecycleEvent.Resumed(resuming.plan().session().id()))
                            : ShardStep.stay(state);
        };
    }

    private ShardStep connect(int lastEpoch, HandshakePlan plan, int failures) {
        int epoch = lastEpoch + 1;
        return ShardStep.to(
                new AwaitingPlace(epoch, plan, failures),
                new ShardAction.RequestPlace(epoch, plan));
    }

    private ShardStep placeGranted(WithConnection state) {
        if (!(state instanceof AwaitingPlace(var epoch, var plan, var failures))) {
            return ShardStep.stay(state);
        }
        boolean resuming = plan instanceof HandshakePlan.Resume;
        return ShardStep.to(
                new Connecting(epoch, plan, failures),
                new Tell(new ShardLifecycleEvent.Connecting(resuming, plan.onMainUrl())),
                new ShardAction.Connect(epoch, plan),
                StartTimer.exactly(Timer.DEADLINE, timeouts.connect()));
    }

    private ShardStep opened(WithConnection state) {
        return state instanceof Connecting(var epoch, var plan, var failures)
                ? ShardStep.to(
                        new AwaitingHello(epoch, plan, failures),
                        new Tell(new ShardLifecycleEvent.Connected()),
                        StartTimer.exactly(Timer.DEADLINE, timeouts.hello()))
                : ShardStep.stay(state);
    }

    private ShardStep hello(WithConnection state, long announced) {
        if (!(state instanceof AwaitingHello(var epoch, var plan, var failures))) {
            return ShardStep.stay(state);
        }
        long interval =
                Math.clamp(
                        announced,
                        ShardTimeouts.LEAST_INTERVAL_MILLIS,
                        ShardTimeouts.MOST_INTERVAL_MILLIS);
        var tell = new Tell(new ShardLifecycleEvent.Hello(interval));
        // random over the whole interval: otherwise a fleet sends thousands at once after a
        // restart
        var heartbeat = new StartTimer(Timer.HEARTBEAT, Duration.ZERO, Duration.ofMillis(interval));
        return switch (plan) {
            case HandshakePlan.Identify _ ->
                    ShardStep.to(
                            new AwaitingPermit(epoch, interval, failures),
                            tell,
                            heartbeat,
                            new StopTimer(Timer.DEADLINE),
                            new ShardAction.RequestPermit(epoch));
            case HandshakePlan.Resume resume ->
                    ShardStep.to(
                            new Resuming(epoch, interval, resume, failures),
                            tell,
                            heartbeat,
                            new ShardAction.SendResume(resume.session()),
                            StartTimer.exactly(Timer.DEADLINE, timeouts.ready()),
                            new Tell(new ShardLifecycleEvent.Resuming(resume.session().id())));
        };
    }

    private ShardStep permitGranted(WithConnection state) {
        return state instanceof AwaitingPermit(var epoch, var interval, var failures)
                ? ShardStep.to(
                        new Identifying(epoch, interval, failures),
                        new ShardAction.SendIdentify(),
                        StartTimer.exactly(Timer.DEADLINE, timeouts.ready()),
                        new Tell(new ShardLifecycleEvent.Identifying()))
                : ShardStep.stay(state);
    }

    private ShardStep ready(WithConnection state, Session session) {
        return switch (state) {
            // after RESUME from sequence 0 Discord repeats READY; RESUMED is still to come
            case Resuming(var _, var _, var plan, var _)
                    when plan.session().id().equals(session.id()) ->
                    ShardStep.stay(state);
            // Discord may start a new session instead of resuming
            case Identifying _, Resuming _, Ready _ ->
                    becomeReady(
                            (SendingHeartbeats) state,
                            session,
                            new ShardLifecycleEvent.Ready(session.id()));
            case AwaitingPlace _, Connecting _, AwaitingHello _, AwaitingPermit _ ->
                    ShardStep.stay(state);
        };
    }

    private static ShardStep becomeReady(
            SendingHeartbeats state, Session session, ShardLifecycleEvent notice) {
        return ShardStep.to(
                new Ready(state.epoch(), state.intervalMillis(), session),
                new StopTimer(Timer.DEADLINE),
                new Tell(notice));
    }

    private ShardStep heartbeatDue(SendingHeartbeats state, boolean alive) {
        return alive
                ? ShardStep.to(
                        state,
                        new ShardAction.SendHeartbeat(),
                        StartTimer.exactly(
                                Timer.HEARTBEAT, Duration.ofMillis(state.intervalMillis())))
                : closeZombie(state);
    }

    private ShardStep closeZombie(SendingHeartbeats state) {
        return disconnection.close(state, CloseReason.ZOMBIE, state.plan(), state.failures() + 1);
    }

    private ShardStep idleChecked(SendingHeartbeats state, IdleConnectionCheck.Finding finding) {
        return switch (finding) {
            case ACTIVE ->
                    ShardStep.to(state, StartTimer.exactly(Timer.IDLE_CHECK, timeouts.idle()));
            case IDLE ->
                    ShardStep.to(
                            state,
                            new ShardAction.SendHeartbeat(),
                            StartTimer.exactly(Timer.IDLE_CHECK, timeouts.answer()));
            case RESTED -> ShardStep.stay(state);
            case DEAD -> closeZombie(state);
        };
    }

    private ShardStep deadlinePassed(ShardState state, boolean progress) {
        return switch (state) {
            case Connecting connecting -> timedOut(connecting);
            case AwaitingHello awaiting -> timedOut(awaiting);
            case Identifying identifying -> extendOrTimeOut(identifying, progress);
            case Resuming resuming -> extendOrTimeOut(resuming, progress);
            case AwaitingPlace _, AwaitingPermit _, Ready _, WithoutConnection _ ->
                    ShardStep.stay(state);
        };
    }

    private ShardStep extendOrTimeOut(WithConnection state, boolean progress) {
        return progress
                ? ShardStep.to(state, StartTimer.exactly(Timer.DEADLINE, timeouts.ready()))
                : timedOut(state);
    }

    private ShardStep timedOut(WithConnection state) {
        return disconnection.close(
                state,
                CloseReason.TIMED_OUT,
                state.plan().afterFailedConnect(),
                state.failures() + 1);
    }

    private ShardStep reconnect(WithConnection state, CloseReason reason) {
        // repeated requests before READY must back off, or the shard floods Discord with
        // connections
        int failures = state instanceof Ready ? 0 : state.failures() + 1;
        return disconnection.close(state, reason, state.plan(), failures);
    }
}
