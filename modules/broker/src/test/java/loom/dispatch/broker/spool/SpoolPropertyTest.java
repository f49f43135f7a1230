package loom.dispatch.broker.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/**
 * Runs the spool's state machine against models of the disk and of the publisher, with 400,000
 * random events.
 */
class SpoolPropertyTest {
    private static final int WALKS = 4_000;
    private static final int EVENTS = 100;

    @Test
    void everyRandomWalkPublishesEveryEventOnceInOrder() {
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

    private static final class Walk {
        private static final int WINDOW = 5;

        private final RandomGenerator random;
        private SpoolState state = new SpoolState.Direct(0);
        // The dispatch thread.
        private final ArrayDeque<Long> batch = new ArrayDeque<>();
        private long lastEvent;
        private boolean memoryIsShort;
        private boolean diskFails;
        private long reportedSpooled;
        // The publisher.
        private final List<Long> published = new ArrayList<>();
        private final ArrayDeque<Long> unconfirmed = new ArrayDeque<>();
        private long confirmed;
        // The disk, and the replay thread.
        private final List<Long> disk = new ArrayList<>();
        private int read;
        private boolean replaying;
        private long publishedBefore;
        private OptionalInt saving = OptionalInt.empty();
        private long checkpoint;

        private Walk(RandomGenerator random) {
            this.random = random;
            take(new SpoolEvent.Started(true));
        }

        private void next() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> dispatch();
                case 5, 6, 7, 8 -> replay();
                case 9, 10, 11 -> confirm();
                case 12 -> memoryIsShort = random.nextBoolean();
                case 13 -> diskFails = random.nextInt(4) == 0;
                case 14 -> take(new SpoolEvent.Idle(!unconfirmed.isEmpty(), memoryIsShort));
                case 15, 16 -> save();
                case 17 -> {
                    if (random.nextInt(50) == 0) {
                        take(new SpoolEvent.CloseRequested());
                    }
                }
                default -> {}
            }
        }

        private void dispatch() {
            if (batch.isEmpty()) {
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    batch.add(++lastEvent);
                }
            }
            take(new SpoolEvent.Offered());
        }

        private void take(SpoolEvent event) {
            SpoolState before = state;
            SpoolStep step = SpoolMachine.step(state, event);
            state = step.state();
            for (SpoolAction action : step.actions()) {
                perform(action, before);
            }
        }

        private void perform(SpoolAction action, SpoolState before) {
            boolean closed = before instanceof SpoolState.Closed;
            switch (action) {
                case PUBLISH -> {
                    assertFalse(closed || replaying, "two threads publish");
                    publishBatch();
                }
                case APPEND, APPEND_UNCONFIRMED_FIRST -> {
                    assertFalse(closed, "an append after close");
                    append(action == SpoolAction.APPEND_UNCONFIRMED_FIRST);
                }
                case REPORT_SPOOLED ->
                        reportedSpooled = ((SpoolState.Spooling) state).lastPosition();
                case START_REPLAY -> {
                    assertFalse(replaying, "two replay threads");
                    replaying = true;
                    publishedBefore = published.isEmpty() ? 0 : published.getLast();
                }
                case REPLAY_NEXT -> readOne();
                case FINISH_REPLAY -> {
                    replaying = false;
                    assertEquals(disk.size(), read, "the replay ends before the last event");
                    assertTrue(((SpoolState.Spooling) before).lastPosition() <= confirmed);
                }
                case ABANDON_REPLAY -> replaying = false;
                case DELETE_FILES -> {
                    assertFalse(replaying, "the replay thread reads the files");
                    assertTrue(disk.stream().allMatch(position -> position <= checkpoint));
                    disk.clear();
                    read = 0;
                }
                case REJECT -> assertTrue(closed);
                case RETRY_LATER, CLOSE_FILE -> {}
            }
        }

        private void publishBatch() {
            boolean full = unconfirmed.size() == WINDOW;
            while (!batch.isEmpty() && unconfirmed.size() < WINDOW) {
                publish(batch.remove());
            }
            if (full) {
                take(new SpoolEvent.WindowFull(memoryIsShort));
            }
        }

        private void publish(long position) {
            published.add(position);
            unconfirmed.add(position);
        }

        private void append(boolean unconfirmedFirst) {
            if (diskFails) {
                take(new SpoolEvent.AppendFailed());
                return;
            }
            if (unconfirmedFirst) {
                disk.addAll(unconfirmed);
            }
            disk.addAll(batch);
            batch.clear();
            take(new SpoolEvent.Appended(lastEvent));
        }

        private void replay() {
            if (replaying) {
                boolean allRead = read == disk.size();
                boolean drained = allRead && (disk.isEmpty() || disk.getLast() <= confirmed);
                take(new SpoolEvent.ReplayRound(drained));
            }
        }

        private void readOne() {
            assertFalse(state instanceof SpoolState.Closed, "a publish after close");
            if (read < disk.size() && unconfirmed.size() < WINDOW) {
                long position = disk.get(read++);
                if (position > publishedBefore) {
                    publish(position);
                }
            }
        }

        private void confirm() {
            if (!unconfirmed.isEmpty()) {
                confirmed = unconfirmed.remove();
            }
        }

        private void save() {
            if (saving.isPresent()) {
                take(new SpoolEvent.CheckpointsSaved(saving.getAsInt()));
                saving = OptionalInt.empty();
            } else if (state instanceof SpoolState.Direct(var replays)) {
                saving = OptionalInt.of(replays);
                checkpoint = confirmed;
            }
        }

        private void assertInvariants() {
            assertEquals(
                    LongStream.rangeClosed(1, published.size()).boxed().toList(),
                    published,
                    "each event once and in order");
            Set<Long> onDisk = new HashSet<>(disk);
            assertTrue(
                    LongStream.rangeClosed(confirmed + 1, reportedSpooled)
                            .allMatch(onDisk::contains),
                    "an event that left memory is neither confirmed nor on disk");
        }

        /** After the outage the replay ends, and the dispatch thread publishes again. */
        private void finish() {
            if (state instanceof SpoolState.Closed) {
                replay();
                assertFalse(replaying, "the replay thread does not end");
                return;
            }
            memoryIsShort = false;
            diskFails = false;
            int bound = 10 * (disk.size() + batch.size() + WINDOW);
            for (int round = 0; round < bound; round++) {
                replay();
                confirm();
                if (!batch.isEmpty()) {
                    take(new SpoolEvent.Offered());
                }
            }
            assertInvariants();
            assertTrue(state instanceof SpoolState.Direct, state.toString());
            assertEquals(lastEvent, published.size(), "an event is forgotten");
        }
    }
}
