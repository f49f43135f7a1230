package loom.dispatch.broker.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.broker.StepTable;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the spool's state machine with a table of all pairs of a state and an event. */
class SpoolMachineTest {
    private static final Map<String, SpoolState> STATES = states();
    private static final Map<String, SpoolEvent> EVENTS = events();

    private static Map<String, SpoolState> states() {
        Map<String, SpoolState> states = new LinkedHashMap<>();
        states.put("direct", new SpoolState.Direct(2));
        states.put("spooling", new SpoolState.Spooling(2, 50));
        states.put("closed", new SpoolState.Closed(2, false));
        states.put("closed, spooling", new SpoolState.Closed(2, true));
        return states;
    }

    private static Map<String, SpoolEvent> events() {
        Map<String, SpoolEvent> events = new LinkedHashMap<>();
        events.put("started, spool empty", new SpoolEvent.Started(true));
        events.put("started, spool not empty", new SpoolEvent.Started(false));
        events.put("offered", new SpoolEvent.Offered());
        events.put("window full", new SpoolEvent.WindowFull(false));
        events.put("window full, memory short", new SpoolEvent.WindowFull(true));
        events.put("idle", new SpoolEvent.Idle(false, false));
        events.put("idle, memory short", new SpoolEvent.Idle(false, true));
        events.put("idle, unconfirmed", new SpoolEvent.Idle(true, false));
        events.put("idle, unconfirmed, memory short", new SpoolEvent.Idle(true, true));
        events.put("appended", new SpoolEvent.Appended(60));
        events.put("append failed", new SpoolEvent.AppendFailed());
        events.put("replay round", new SpoolEvent.ReplayRound(false));
        events.put("replay round, drained", new SpoolEvent.ReplayRound(true));
        events.put("checkpoints saved", new SpoolEvent.CheckpointsSaved(2));
        events.put("older checkpoints saved", new SpoolEvent.CheckpointsSaved(1));
        events.put("close requested", new SpoolEvent.CloseRequested());
        return events;
    }

    @Test
    void everyStateAndEventYieldsStepOfTable() throws Exception {
        StepTable table = StepTable.read(SpoolMachineTest.class, "spool-machine.txt");
        STATES.forEach((stateName, state) ->
                EVENTS.forEach((eventName, event) -> {
                    SpoolStep step = SpoolMachine.step(state, event);
                    boolean stays = step.equals(SpoolStep.stay(state));
                    table.check(stateName, eventName, stays ? "-" : show(step));
                }));
        table.assertAllAsExpected(STATES.size() * EVENTS.size());
    }

    @Test
    void tableHasEveryKindOfStateAndEvent() {
        assertEquals(StepTable.kinds(SpoolState.class), StepTable.kindsOf(STATES.values()));
        assertEquals(StepTable.kinds(SpoolEvent.class), StepTable.kindsOf(EVENTS.values()));
    }

    private static String show(SpoolStep step) {
        String actions = step.actions().stream().map(Enum::name).collect(Collectors.joining(", "));
        return StepTable.withoutFieldNames(
                step.state() + (actions.isEmpty() ? "" : " then " + actions));
    }
}
