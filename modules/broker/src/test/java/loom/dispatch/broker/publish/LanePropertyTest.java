package loom.dispatch.broker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.broker.connection.BrokerCounters;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs the state machine and the window against a model of RabbitMQ, with 400,000 random events.
 */
class LanePropertyTest {
    private static final int WALKS = 4_000;
    private static final int EVENTS = 100;

    @Test
    void everyRandomWalkKeepsOrderAndSettlesConfirmedPrefix() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int walk = 0; walk < WALKS; walk++) {
            Walk now = new Walk(random);
            for (int event = 0; event < EVENTS; event++) {
                now.next();
                now.assertInvariants();
            }
            now.finish();
        }
    }

    @Test
    void rejectsPositionsThatDoNotAscend() {
        LaneBookkeeping lane = lane();
        lane.offer(List.of(new SkippedEvent(1), new SkippedEvent(2)));
        assertThrows(
                IllegalArgumentException.class, () -> lane.offer(List.of(new SkippedEvent(2))));
        assertEquals(2, lane.lastPosition());
    }

    private static LaneBookkeeping lane() {
        return new LaneBookkeeping(
                0,
                new LaneMachine(true),
                new UnconfirmedWindow(8, 1_000),
                new InFlightQuota(),
                new BrokerCounters());
    }

    /** One channel of the model: what the lane wrote to it, and how much of that arrived. */
    private static final class Wire {
        private final long epoch;
        private final List<EventMessage> written = new ArrayList<>();
        private int arrived;

        private Wire(long epoch) {
            this.epoch = epoch;
        }
    }

    private static final class Walk {
        private final RandomGenerator random;
        private final LaneBookkeeping lane = lane();
        private final List<LaneItem> taken = new ArrayList<>();
        private final List<Wire> wires = new ArrayList<>();
        private final Set<Long> stored = new HashSet<>();
        private final List<Long> firstArrivals = new ArrayList<>();
        private List<EventMessage> toWrite = List.of();
        private long nextPosition = 1;
        private boolean closed;

        private Walk(RandomGenerator random) {
            this.random = random;
        }

        private void next() {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> dispatch();
                case 4, 5, 6, 7 -> arrive();
                case 8, 9 -> confirm();
                case 10, 11 -> supervise();
                case 12 -> handle(new LaneEvent.BlockedChanged(random.nextInt(3) == 0));
                case 13 -> lose();
                case 14 -> late();
                default -> {
                    if (random.nextInt(100) == 0) {
                        handle(new LaneEvent.CloseRequested());
                        closed = true;
                    }
                }
            }
        }

        /** The dispatch thread writes a part, ends its write, or offers a batch. */
        private void dispatch() {
            if (!toWrite.isEmpty() && random.nextBoolean()) {
                writeOne();
            } else if (lane.state().dispatchThreadWrites() || !toWrite.isEmpty()) {
                writeRest();
            } else {
                offer();
            }
        }

        private void writeOne() {
            wires.getLast().written.add(toWrite.getFirst());
            toWrite = toWrite.subList(1, toWrite.size());
        }

        private void writeRest() {
            while (!toWrite.isEmpty()) {
                writeOne();
            }
            handle(new LaneEvent.WriteEnded());
        }

        private void offer() {
            List<LaneItem> batch = new ArrayList<>();
            long position = nextPosition;
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                batch.add(
                        random.nextInt(4) == 0
                                ? new SkippedEvent(position)
                                : message(position, random.nextInt(400)));
                position += 1 + random.nextInt(3);
            }
            perform(lane.offer(batch));
            nextPosition = lane.lastPosition() < 1 ? nextPosition : lane.lastPosition() + 1;
        }

        private void handle(LaneEvent event) {
            perform(lane.handle(event));
        }

        private void perform(LaneStep step) {
            for (LaneAction action : step.actions()) {
                switch (action) {
                    case LaneAction.Append(var items) -> taken.addAll(items);
                    case LaneAction.Write(var epoch, var items) -> {
                        assertEquals(wires.getLast().epoch, epoch);
                        assertFalse(closed, "a write after close");
                        toWrite = messages(items);
                    }
                    case LaneAction.OpenAndResend(var epoch) -> {
                        assertFalse(closed, "a channel after close");
                        assertTrue(toWrite.isEmpty(), "the dispatch thread still writes");
                        wires.add(new Wire(epoch));
                        wires.getLast().written.addAll(lane.window().unconfirmed());
                    }
                    case LaneAction.Reject _ -> assertTrue(closed);
                    case LaneAction.RestartTags _,
                            LaneAction.Confirm _,
                            LaneAction.RequestChannel _ -> {}
                }
            }
        }

        /** One message of any channel reaches RabbitMQ, also of a lost channel. */
        private void arrive() {
            if (wires.isEmpty()) {
                return;
            }
            Wire wire = wires.get(random.nextInt(Math.max(0, wires.size() - 3), wires.size()));
            if (wire.arrived < wire.written.size()) {
                long position = wire.written.get(wire.arrived++).position();
                if (stored.add(position)) {
                    firstArrivals.add(position);
                }
            }
        }

        private void confirm() {
            if (wires.isEmpty() || wires.getLast().arrived == 0) {
                return;
            }
            Wire wire = wires.getLast();
            long tag = 1 + random.nextInt(wire.arrived);
            boolean multiple = random.nextInt(3) == 0;
            handle(new LaneEvent.Confirmed(wire.epoch, tag, multiple));
        }

        private void supervise() {
            switch (lane.state()) {
                case LaneState.Resending(var epoch, var _) -> handle(new LaneEvent.Resent(epoch));
                case LaneState.Detached _,
                        LaneState.Closed _,
                        LaneState.WriteUnfinished _,
                        LaneState.Writing _ ->
                        handle(new LaneEvent.AttachRequested());
                case LaneState.Attached _ -> {
                    if (random.nextInt(10) == 0) {
                        handle(new LaneEvent.AttachRequested());
                    }
                }
            }
        }

        private void lose() {
            long epoch = lane.state().epoch();
            handle(
                    switch (random.nextInt(4)) {
                        case 0 -> new LaneEvent.ConnectionLost();
                        case 1 -> new LaneEvent.Nacked(epoch, 1);
                        case 2 -> new LaneEvent.Returned(epoch, "E");
                        default -> new LaneEvent.ChannelLost(epoch, "reset");
                    });
        }

        /** An event of an earlier epoch changes nothing. */
        private void late() {
            long epoch = lane.state().epoch() - 1;
            LaneState before = lane.state();
            long settled = lane.window().settled();
            for (LaneEvent event :
                    List.of(
                            new LaneEvent.Confirmed(epoch, 1, true),
                            new LaneEvent.Nacked(epoch, 1),
                            new LaneEvent.Returned(epoch, "E"),
                            new LaneEvent.Resent(epoch),
                            new LaneEvent.ChannelLost(epoch, "late"))) {
                assertEquals(LaneStep.stay(before), lane.handle(event));
            }
            assertEquals(settled, lane.window().settled());
        }

        private void assertInvariants() {
            List<EventMessage> all = messages(taken);
            long settled = lane.window().settled();
            assertTrue(
                    stored.containsAll(
                            all.stream()
                                    .map(EventMessage::position)
                                    .filter(position -> position <= settled)
                                    .toList()),
                    "settled up to " + settled + ", and RabbitMQ does not have all of it");
            assertEquals(
                    all.stream().filter(message -> message.position() > settled).toList(),
                    lane.window().unconfirmed(),
                    "the window is what is not settled");
            assertTrue(lane.window().inFlight() <= 8);
            assertEquals(
                    all.stream().map(EventMessage::position).limit(firstArrivals.size()).toList(),
                    firstArrivals,
                    "first arrivals are in order and without a gap");
        }

        /** From every state the lane comes back, and then everything settles. */
        private void finish() {
            writeRest();
            if (closed) {
                handle(new LaneEvent.AttachRequested());
                assertTrue(lane.state() instanceof LaneState.Closed);
                return;
            }
            handle(new LaneEvent.BlockedChanged(false));
            handle(new LaneEvent.AttachRequested());
            handle(new LaneEvent.Resent(lane.state().epoch()));
            assertTrue(lane.state().isAttached(), lane.state().toString());
            Wire wire = wires.getLast();
            while (wire.arrived < wire.written.size()) {
                arrive();
            }
            if (wire.arrived > 0) {
                handle(new LaneEvent.Confirmed(wire.epoch, wire.arrived, true));
            }
            assertInvariants();
            assertEquals(0, lane.window().inFlight());
            if (!taken.isEmpty()) {
                assertEquals(taken.getLast().position(), lane.window().settled());
            }
            offer();
            assertFalse(taken.isEmpty(), "an attached lane takes items");
        }

        private static List<EventMessage> messages(List<? extends LaneItem> items) {
            return items.stream()
                    .filter(EventMessage.class::isInstance)
                    .map(EventMessage.class::cast)
                    .toList();
        }

        private static EventMessage message(long position, int bytes) {
            EventOrigin origin = new EventOrigin(0, position, "s", "", false);
            return new EventMessage(position, "E", new byte[bytes], "s:" + position, 0, origin);
        }
    }
}
