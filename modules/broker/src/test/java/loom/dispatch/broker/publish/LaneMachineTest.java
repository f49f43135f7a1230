package loom.dispatch.broker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.broker.StepTable;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the lane's state machine with a table of all pairs of a state and an event. */
class LaneMachineTest {
    private static final long EPOCH = 3;
    private static final Map<String, LaneState> STATES = states();
    private static final Map<String, LaneEvent> EVENTS = events();

    private final LaneMachine machine = new LaneMachine(true);

    private static Map<String, LaneState> states() {
        Map<String, LaneState> states = new LinkedHashMap<>();
        states.put("detached", new LaneState.Detached(EPOCH, false));
        states.put("write unfinished", new LaneState.WriteUnfinished(EPOCH, false));
        states.put("resending", new LaneState.Resending(EPOCH, false));
        states.put("attached", new LaneState.Attached(EPOCH, false));
        states.put("attached, blocked", new LaneState.Attached(EPOCH, true));
        states.put("writing", new LaneState.Writing(EPOCH, false));
        states.put("writing, blocked", new LaneState.Writing(EPOCH, true));
        states.put("closed", new LaneState.Closed(EPOCH));
        return states;
    }

    private static Map<String, LaneEvent> events() {
        LaneItem skip = new SkippedEvent(1);
        LaneItem message =
                new EventMessage(
                        2, "E", new byte[1], "s:2", 0, new EventOrigin(0, 2, "s", "", false));
        Map<String, LaneEvent> events = new LinkedHashMap<>();
        events.put("offer without room", new LaneEvent.Offered(List.of(), 0));
        events.put("offer of skip", new LaneEvent.Offered(List.of(skip), 1));
        events.put("offer of message", new LaneEvent.Offered(List.of(message), 0));
        events.put("offer of skip and message", new LaneEvent.Offered(List.of(skip, message), 1));
        events.put("write ended", new LaneEvent.WriteEnded());
        events.put("attach requested", new LaneEvent.AttachRequested());
        events.put("connection lost", new LaneEvent.ConnectionLost());
        events.put("blocked", new LaneEvent.BlockedChanged(true));
        events.put("unblocked", new LaneEvent.BlockedChanged(false));
        events.put("close requested", new LaneEvent.CloseRequested());
        for (long epoch : new long[] {EPOCH, EPOCH - 1}) {
            String late = epoch == EPOCH ? "" : ", late";
            events.put("resent" + late, new LaneEvent.Resent(epoch));
            events.put("channel lost" + late, new LaneEvent.ChannelLost(epoch, "reset"));
            events.put("confirmed" + late, new LaneEvent.Confirmed(epoch, 7, true));
            events.put("nacked" + late, new LaneEvent.Nacked(epoch, 7));
            events.put("returned" + late, new LaneEvent.Returned(epoch, "E"));
        }
        return events;
    }

    @Test
    void everyStateAndEventYieldsStepOfTable() throws Exception {
        StepTable table = StepTable.read(LaneMachineTest.class, "lane-machine.txt");
        STATES.forEach((stateName, state) ->
                EVENTS.forEach((eventName, event) -> {
                    LaneStep step = machine.step(state, event);
                    boolean stays = step.equals(LaneStep.stay(state));
                    table.check(stateName, eventName, stays ? "-" : show(step));
                }));
        table.assertAllAsExpected(STATES.size() * EVENTS.size());
    }

    @Test
    void tableHasEveryKindOfStateAndEvent() {
        assertEquals(StepTable.kinds(LaneState.class), StepTable.kindsOf(STATES.values()));
        assertEquals(StepTable.kinds(LaneEvent.class), StepTable.kindsOf(EVENTS.values()));
    }

    @Test
    void returnedMessageChangesNothingIfItNeedNotBeRouted() {
        LaneState attached = new LaneState.Attached(EPOCH, false);
        LaneStep step = new LaneMachine(false).step(attached, new LaneEvent.Returned(EPOCH, "E"));
        assertEquals(LaneStep.stay(attached), step);
        assertTrue(step.actions().isEmpty());
    }

    private static String show(LaneStep step) {
        String actions =
                step.actions().stream()
                        .map(action ->
                                switch (action) {
                                    case LaneAction.Append(var items) ->
                                            "Append[" + positions(items) + "]";
                                    case LaneAction.Write(var epoch, var items) ->
                                            "Write[" + epoch + ", " + positions(items) + "]";
                                    case LaneAction.RestartTags _,
                                            LaneAction.Confirm _,
                                            LaneAction.OpenAndResend _,
                                            LaneAction.RequestChannel _,
                                            LaneAction.Reject _ ->
                                            action.toString();
                                })
                        .collect(Collectors.joining(", "));
        String then = actions.isEmpty() ? "" : " then " + actions;
        return StepTable.withoutFieldNames(step.state() + then);
    }

    private static String positions(List<? extends LaneItem> items) {
        return items.stream()
                .map(item -> Long.toString(item.position()))
                .collect(Collectors.joining(" "));
    }
}
