package loom.dispatch.broker.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.BrokerRefusal;
import loom.dispatch.broker.StepTable;
import loom.dispatch.broker.connection.ConnectionState.Retry;
import loom.dispatch.runtime.RetryBackoff;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;

/**
 * Compares the state machine of a connection with a table of all pairs of a state and an event, and
 * runs it with 400,000 random events.
 */
class ConnectionMachineTest {
    private static final long EPOCH = 3;
    private static final int WALKS = 4_000;
    private static final int EVENTS = 100;
    private static final ConnectionFailure DOWN = new ConnectionFailure.Unreachable("down");
    private static final ConnectionFailure.Refused REFUSED =
            new ConnectionFailure.Refused(BrokerRefusal.AUTHENTICATION, "refused");
    private static final ReconnectPolicy POLICY =
            new ReconnectPolicy(new RetryBackoff(500, 15_000));

    private final ConnectionMachine machine = new ConnectionMachine(true, 2, POLICY);

    private static Map<String, ConnectionState> states() {
        Map<String, ConnectionState> states = new LinkedHashMap<>();
        states.put("idle", new ConnectionState.Idle());
        states.put("connecting", new ConnectionState.Connecting(EPOCH, Retry.NONE));
        states.put(
                "connecting again",
                new ConnectionState.Connecting(EPOCH, new Retry(true, 2, "down")));
        var twice = new Retry(true, 2, "down");
        states.put("waiting", new ConnectionState.Waiting(EPOCH, twice, true));
        states.put("waiting after early loss", new ConnectionState.Waiting(EPOCH, twice, false));
        states.put("serving", new ConnectionState.Serving(EPOCH, 2, false));
        states.put("serving, blocked", new ConnectionState.Serving(EPOCH, 2, true));
        states.put("closed", new ConnectionState.Closed(EPOCH));
        return states;
    }

    private static Map<String, ConnectionEvent> events() {
        Map<String, ConnectionEvent> events = new LinkedHashMap<>();
        events.put("started", new ConnectionEvent.Started());
        events.put("retry due", new ConnectionEvent.RetryDue());
        events.put("other accepted", new ConnectionEvent.OtherAccepted());
        events.put("maintenance due", new ConnectionEvent.MaintenanceDue());
        events.put("close requested", new ConnectionEvent.CloseRequested());
        for (long epoch : new long[] {EPOCH, EPOCH - 1}) {
            String late = epoch == EPOCH ? "" : ", late";
            events.put("opened" + late, new ConnectionEvent.Opened(epoch));
            events.put("failed" + late, new ConnectionEvent.AttemptFailed(epoch, DOWN, false));
            events.put(
                    "failed after acceptance" + late,
                    new ConnectionEvent.AttemptFailed(epoch, DOWN, true));
            events.put("refused" + late, new ConnectionEvent.AttemptFailed(epoch, REFUSED, true));
            events.put("lost" + late, new ConnectionEvent.Lost(epoch, DOWN, false));
            events.put("lost, stable" + late, new ConnectionEvent.Lost(epoch, DOWN, true));
            events.put("blocked" + late, new ConnectionEvent.Blocked(epoch, "memory"));
            events.put("unblocked" + late, new ConnectionEvent.Unblocked(epoch));
            events.put(
                    "topology refused" + late, new ConnectionEvent.TopologyRefused(epoch, REFUSED));
        }
        return events;
    }

    @Test
    void everyStateAndEventYieldsStepOfTable() throws Exception {
        StepTable table = StepTable.read(ConnectionMachineTest.class, "connection-machine.txt");
        states().forEach((stateName, state) ->
                events().forEach((eventName, event) -> {
                    ConnectionStep step = machine.step(state, event);
                    boolean stays = step.equals(ConnectionStep.stay(state));
                    table.check(stateName, eventName, stays ? "-" : show(step));
                }));
        table.assertAllAsExpected(states().size() * events().size());
    }

    @Test
    void tableHasEveryKindOfStateAndEvent() {
        assertEquals(StepTable.kinds(ConnectionState.class), StepTable.kindsOf(states().values()));
        assertEquals(StepTable.kinds(ConnectionEvent.class), StepTable.kindsOf(events().values()));
    }

    private static String show(ConnectionStep step) {
        String actions =
                step.actions().stream().map(Object::toString).collect(Collectors.joining(", "));
        return StepTable.withoutFieldNames(
                step.state() + (actions.isEmpty() ? "" : " then " + actions));
    }

    @Test
    void waitNeverExceedsHalfSecondAfterRabbitMqAcceptedAnyConnection() {
        for (int failures = 1; failures < 100; failures++) {
            assertTrue(POLICY.backoff(true).mostMillis(failures) <= 500);
        }
        assertEquals(15_000, POLICY.backoff(false).mostMillis(100));
    }

    @Test
    void unchangedFailureIsReportedRarelyAndAnotherAtOnce() {
        List<Integer> reported = new ArrayList<>();
        for (int failures = 1; failures <= 100; failures++) {
            if (ReconnectPolicy.isReported(failures, "down", failures == 1 ? "" : "down")) {
                reported.add(failures);
            }
        }
        assertEquals(List.of(1, 2, 4, 8, 16, 32, 64), reported);
        assertTrue(ReconnectPolicy.isReported(7, "refused", "down"));
    }

    @Test
    void everyRandomWalkOpensOneConnectionAtATimeAndHasAWayOutOfEveryWait() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int walk = 0; walk < WALKS; walk++) {
            var now = new Walk(random);
            for (int event = 0; event < EVENTS; event++) {
                now.step();
            }
            now.finish();
        }
    }

    /** A machine with a model of the connection that its actions open and release. */
    private static final class Walk {
        private final RandomGenerator random;
        private final ConnectionMachine machine;
        private ConnectionState state = new ConnectionState.Idle();
        private boolean attempting;
        private boolean open;
        private boolean accepted;
        private boolean lostEarly;

        Walk(RandomGenerator random) {
            this.random = random;
            machine = new ConnectionMachine(random.nextBoolean(), 3, POLICY);
        }

        void step() {
            List<ConnectionEvent> all = List.copyOf(events().values());
            ConnectionEvent event = all.get(random.nextInt(all.size()));
            long epoch = random.nextInt(4) > 0 ? state.epoch() : Math.max(0, state.epoch() - 1);
            apply(
                    switch (event) {
                        case ConnectionEvent.Opened _ -> new ConnectionEvent.Opened(epoch);
                        case ConnectionEvent.AttemptFailed(var _, var failure, var _) ->
                                new ConnectionEvent.AttemptFailed(epoch, failure, accepted);
                        case ConnectionEvent.Lost(var _, var failure, var stable) ->
                                new ConnectionEvent.Lost(epoch, failure, stable);
                        case ConnectionEvent.Blocked(var _, var reason) ->
                                new ConnectionEvent.Blocked(epoch, reason);
                        case ConnectionEvent.Unblocked _ -> new ConnectionEvent.Unblocked(epoch);
                        case ConnectionEvent.TopologyRefused(var _, var failure) ->
                                new ConnectionEvent.TopologyRefused(epoch, failure);
                        case ConnectionEvent.CloseRequested _ when random.nextInt(10) > 0 ->
                                new ConnectionEvent.RetryDue();
                        case ConnectionEvent.OtherAccepted _ -> {
                            accepted = true;
                            yield event;
                        }
                        default -> event;
                    });
        }

        private void apply(ConnectionEvent event) {
            if (open && event instanceof ConnectionEvent.Lost(var epoch, var _, var stable)) {
                lostEarly = !stable && epoch == state.epoch();
            }
            if (lostEarly && event instanceof ConnectionEvent.OtherAccepted) {
                assertEquals(ConnectionStep.stay(state), machine.step(state, event));
            }
            boolean wasClosed = state instanceof ConnectionState.Closed;
            long epochBefore = state.epoch();
            ConnectionStep step = machine.step(state, event);
            state = step.state();
            if (wasClosed) {
                assertEquals(ConnectionStep.stay(state), step, "a closed connection acts");
            }
            step.actions().forEach(this::execute);
            assertTrue(state.epoch() >= epochBefore, "epochs never go back");
            assertEquals(state instanceof ConnectionState.Serving, open);
            if (state instanceof ConnectionState.Waiting
                    && step.actions().stream()
                            .noneMatch(ConnectionAction.StartRetryTimer.class::isInstance)) {
                assertEquals(ConnectionStep.stay(state), step, "a wait without a timer");
            }
        }

        private void execute(ConnectionAction action) {
            switch (action) {
                case ConnectionAction.Open(var epoch, var endpoint) -> {
                    assertTrue(!open, "a second connection");
                    assertEquals(state.epoch(), epoch);
                    assertTrue(endpoint >= 0 && endpoint < 3);
                    attempting = true;
                    lostEarly = false;
                }
                case ConnectionAction.ReportOpen _ -> {
                    assertTrue(attempting && !open);
                    attempting = false;
                    open = true;
                    accepted = true;
                }
                case ConnectionAction.Release _ -> {
                    assertTrue(open, "nothing to release");
                    open = false;
                }
                case ConnectionAction.AttachUsers _,
                        ConnectionAction.Maintain _,
                        ConnectionAction.ReportRefused _,
                        ConnectionAction.ReportBlocked _,
                        ConnectionAction.ReportUnblocked _ ->
                        assertTrue(open, "there is no connection");
                case ConnectionAction.StartRetryTimer(var least, var most, var _, var _) -> {
                    assertTrue(!open, "it waits beside an open connection");
                    assertTrue(0 < least && least <= most);
                    assertTrue(most <= (accepted ? 500 : 15_000), () -> "a wait of " + most);
                    attempting = false;
                }
                case ConnectionAction.FailStart _ -> attempting = false;
            }
        }

        /** RabbitMQ is back: the machine serves after at most three events, unless it is closed. */
        void finish() {
            apply(new ConnectionEvent.Started());
            apply(new ConnectionEvent.RetryDue());
            apply(new ConnectionEvent.Opened(state.epoch()));
            assertTrue(
                    state instanceof ConnectionState.Serving
                            || state instanceof ConnectionState.Closed,
                    state::toString);
            apply(new ConnectionEvent.CloseRequested());
            assertTrue(!open, "a closed connection is released");
        }
    }
}
