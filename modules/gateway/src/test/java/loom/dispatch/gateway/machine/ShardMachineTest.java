package loom.dispatch.gateway.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.Session;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;

/**
 * Compares the state machine with a table: the whole step for every pair of a state and an event.
 *
 * <p>A pair that is not in the table must change nothing and do nothing.
 */
final class ShardMachineTest {
    private static final int EPOCH = 3;
    private static final long INTERVAL = 41250;
    private static final Session OLD = Session.of("old", URI.create("wss://resume.example"));
    private static final Session NEW = Session.of("new", URI.create("wss://other.example"));
    private static final HandshakePlan.Resume RESUME = new HandshakePlan.Resume(OLD, false);

    private static final Map<String, ShardState> STATES = states();
    private static final Map<String, ShardEvent> EVENTS = events();

    private final ShardMachine machine = new ShardMachine(ShardTimeouts.STANDARD);

    private static Map<String, ShardState> states() {
        Map<String, ShardState> states = new LinkedHashMap<>();
        states.put("idle", new ShardState.Idle());
        states.put("paused", new ShardState.Paused(EPOCH, RESUME, 1));
        states.put("place", new ShardState.AwaitingPlace(EPOCH, RESUME, 1));
        states.put("connecting", new ShardState.Connecting(EPOCH, RESUME, 1));
        states.put(
                "hello/identify",
                new ShardState.AwaitingHello(EPOCH, new HandshakePlan.Identify(), 1));
        states.put("hello/resume", new ShardState.AwaitingHello(EPOCH, RESUME, 1));
        states.put("permit", new ShardState.AwaitingPermit(EPOCH, INTERVAL, 1));
        states.put("identifying", new ShardState.Identifying(EPOCH, INTERVAL, 1));
        states.put("resuming", new ShardState.Resuming(EPOCH, INTERVAL, RESUME, 1));
        states.put("ready", new ShardState.Ready(EPOCH, INTERVAL, OLD));
        states.put("stopped", new ShardState.Stopped(EPOCH, new ShardState.StopReason.Drained()));
        return states;
    }

    private static Map<String, ShardEvent> events() {
        Map<String, ShardEvent> events = new LinkedHashMap<>();
        events.put("start/identify", new ShardEvent.Start(new HandshakePlan.Identify()));
        events.put("start/resume", new ShardEvent.Start(RESUME));
        events.put("pause over", new ShardEvent.PauseOver());
        events.put("heartbeat due, heard", new ShardEvent.HeartbeatDue(true, false));
        events.put("heartbeat due, withheld", new ShardEvent.HeartbeatDue(false, true));
        events.put("heartbeat due, silent", new ShardEvent.HeartbeatDue(false, false));
        for (IdleConnectionCheck.Finding finding : IdleConnectionCheck.Finding.values()) {
            events.put("idle check due, " + finding, new ShardEvent.IdleCheckDue(finding));
        }
        events.put("deadline, progress", new ShardEvent.DeadlinePassed(true));
        events.put("deadline, silent", new ShardEvent.DeadlinePassed(false));
        events.put("reconnect commanded", new ShardEvent.ReconnectCommanded());
        events.put("silent", new ShardEvent.Silent(600_000, false));
        events.put("silent again", new ShardEvent.Silent(600_000, true));
        events.put("drain", new ShardEvent.Drain());
        events.put("place granted", new ShardEvent.PlaceGranted(EPOCH));
        events.put("opened", new ShardEvent.Opened(EPOCH));
        events.put("failed", new ShardEvent.Failed(EPOCH, "reset"));
        events.put("closed 1000", new ShardEvent.Closed(EPOCH, 1000, ""));
        events.put("closed 4009", new ShardEvent.Closed(EPOCH, 4009, ""));
        events.put("closed 4004", new ShardEvent.Closed(EPOCH, 4004, ""));
        events.put("closed 4999", new ShardEvent.Closed(EPOCH, 4999, ""));
        events.put("corrupted", new ShardEvent.Corrupted(EPOCH, "zlib"));
        events.put("op 10", new ShardEvent.Hello(EPOCH, INTERVAL));
        events.put("op 1", new ShardEvent.HeartbeatRequested(EPOCH));
        events.put("op 7", new ShardEvent.ReconnectRequested(EPOCH));
        events.put("op 9 true", new ShardEvent.SessionInvalidated(EPOCH, true));
        events.put("op 9 false", new ShardEvent.SessionInvalidated(EPOCH, false));
        events.put("permit granted", new ShardEvent.PermitGranted(EPOCH));
        events.put("READY", new ShardEvent.ReadyReceived(EPOCH, NEW));
        events.put("READY again", new ShardEvent.ReadyReceived(EPOCH, OLD));
        events.put("RESUMED", new ShardEvent.ResumedReceived(EPOCH));
        events.put("opened, late", new ShardEvent.Opened(EPOCH - 1));
        events.put("closed 4004, late", new ShardEvent.Closed(EPOCH - 1, 4004, ""));
        events.put("op 9 false, late", new ShardEvent.SessionInvalidated(EPOCH - 1, false));
        return events;
    }

    @Test
    void everyStateAndEventYieldsStepOfTable() throws Exception {
        Map<String, String> expected = table();
        Set<String> seen = new TreeSet<>();
        Map<String, String> wrong = new TreeMap<>();
        STATES.forEach((stateName, state) ->
                EVENTS.forEach((eventName, event) -> {
                    String pair = stateName + " + " + eventName;
                    ShardStep step = machine.step(state, event);
                    String actual = step.equals(ShardStep.stay(state)) ? "-" : show(step);
                    seen.add(pair);
                    if (!actual.equals(expected.getOrDefault(pair, "-"))) {
                        wrong.put(pair, actual);
                    }
                }));
        assertEquals("", lines(wrong), "these pairs differ from the table");
        assertTrue(seen.containsAll(expected.keySet()), "the table names unknown pairs");
        assertEquals(STATES.size() * EVENTS.size(), seen.size());
    }

    @Test
    void tableHasEveryKindOfStateAndEvent() {
        assertEquals(leaves(ShardState.class), kinds(STATES.values()));
        assertEquals(leaves(ShardEvent.class), kinds(EVENTS.values()));
    }

    @Test
    void eventOfOlderConnectionChangesNothingOnRandomWalk() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<ShardEvent> events = List.copyOf(EVENTS.values());
        for (int walk = 0; walk < 2_000; walk++) {
            ShardState state = new ShardState.Idle();
            for (int step = 0; step < 40; step++) {
                ShardEvent event = atEpoch(events.get(random.nextInt(events.size())), state);
                ShardState before = state;
                ShardStep taken = machine.step(before, event);
                state = taken.state();
                String at = "seed " + seed + ": " + before + " + " + event;
                if (before instanceof ShardState.Stopped) {
                    assertEquals(ShardStep.stay(before), taken, at + ": stopped is final");
                }
                if (state instanceof ShardState.WithConnection) {
                    assertEquals(
                            ShardStep.stay(state),
                            machine.step(state, new ShardEvent.Closed(state.epoch() - 1, 4004, "")),
                            at + ": a late event");
                }
                assertTrue(taken.state().epoch() >= before.epoch(), at);
                assertWaitsEnd(before, taken, at);
            }
        }
    }

    /** Asserts that entering a waiting state sets the timer that ends the wait. */
    private static void assertWaitsEnd(ShardState before, ShardStep step, String at) {
        if (before.getClass() == step.state().getClass()) {
            return;
        }
        Set<ShardAction.Timer> started =
                step.actions().stream()
                        .filter(ShardAction.StartTimer.class::isInstance)
                        .map(action -> ((ShardAction.StartTimer) action).timer())
                        .collect(Collectors.toSet());
        boolean ends =
                switch (step.state()) {
                    case ShardState.Paused _ -> started.contains(ShardAction.Timer.PAUSE);
                    case ShardState.Connecting _,
                            ShardState.AwaitingHello _,
                            ShardState.Identifying _,
                            ShardState.Resuming _ ->
                            started.contains(ShardAction.Timer.DEADLINE);
                    case ShardState.AwaitingPlace(var epoch, var plan, var _) ->
                            step.actions().contains(new ShardAction.RequestPlace(epoch, plan));
                    case ShardState.AwaitingPermit _ ->
                            started.contains(ShardAction.Timer.HEARTBEAT);
                    case ShardState.Idle _, ShardState.Ready _, ShardState.Stopped _ -> true;
                };
        assertTrue(ends, at + " leads to a wait without an end");
    }

    private static ShardEvent atEpoch(ShardEvent event, ShardState state) {
        int epoch = state.epoch();
        return switch (event) {
            case ShardEvent.PlaceGranted _ -> new ShardEvent.PlaceGranted(epoch);
            case ShardEvent.Opened _ -> new ShardEvent.Opened(epoch);
            case ShardEvent.Failed _ -> new ShardEvent.Failed(epoch, "reset");
            case ShardEvent.Closed(var _, var code, var reason) ->
                    new ShardEvent.Closed(epoch, code, reason);
            case ShardEvent.Corrupted _ -> new ShardEvent.Corrupted(epoch, "zlib");
            case ShardEvent.Hello(var _, var interval) -> new ShardEvent.Hello(epoch, interval);
            case ShardEvent.HeartbeatRequested _ -> new ShardEvent.HeartbeatRequested(epoch);
            case ShardEvent.ReconnectRequested _ -> new ShardEvent.ReconnectRequested(epoch);
            case ShardEvent.SessionInvalidated(var _, var resumable) ->
                    new ShardEvent.SessionInvalidated(epoch, resumable);
            case ShardEvent.PermitGranted _ -> new ShardEvent.PermitGranted(epoch);
            case ShardEvent.ReadyReceived(var _, var session) ->
                    new ShardEvent.ReadyReceived(epoch, session);
            case ShardEvent.ResumedReceived _ -> new ShardEvent.ResumedReceived(epoch);
            case ShardEvent.Start _,
                    ShardEvent.PauseOver _,
                    ShardEvent.HeartbeatDue _,
                    ShardEvent.IdleCheckDue _,
                    ShardEvent.DeadlinePassed _,
                    ShardEvent.ReconnectCommanded _,
                    ShardEvent.Silent _,
                    ShardEvent.Drain _ ->
                    event;
        };
    }

    private static Map<String, String> table() throws Exception {
        Map<String, String> table = new TreeMap<>();
        try (var in = ShardMachineTest.class.getResourceAsStream("shard-machine.txt")) {
            for (String line : new String(in.readAllBytes(), "UTF-8").lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] halves = line.split(" => ", 2);
                    table.put(halves[0].strip(), halves[1].strip());
                }
            }
        }
        return table;
    }

    private static String show(ShardStep step) {
        // without field names and empty brackets
        return (step.state() + " then " + step.actions()).replaceAll("\\w+=|\\[\\]", "");
    }

    private static String lines(Map<String, String> wrong) {
        return wrong.entrySet().stream()
                .map(pair -> pair.getKey() + " => " + pair.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static Set<String> kinds(Iterable<?> values) {
        Set<String> names = new TreeSet<>();
        values.forEach(value -> names.add(value.getClass().getSimpleName()));
        return names;
    }

    private static Set<String> leaves(Class<?> type) {
        Set<String> names = new TreeSet<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isInterface()) {
                names.addAll(leaves(permitted));
            } else {
                names.add(permitted.getSimpleName());
            }
        }
        return names;
    }
}
