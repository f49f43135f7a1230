package loom.dispatch.broker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Compares the window with a model that keeps everything in lists. */
class UnconfirmedWindowTest {
    private static final int CAPACITY = 8;

    @Test
    void settlesConfirmedPrefixInEveryOrderOfConfirms() {
        for (int seed = 0; seed < 300; seed++) {
            Model model = new Model(new Random(seed));
            for (int step = 0; step < 200; step++) {
                model.next();
                model.compare("seed " + seed);
            }
        }
    }

    private static final class Model {
        private final Random random;
        private final UnconfirmedWindow window = new UnconfirmedWindow(CAPACITY, 4_000);
        // The messages of the epoch: index i has publish tag i + 1.
        private List<EventMessage> written = new ArrayList<>();
        private List<Boolean> confirmed = new ArrayList<>();
        private long position;

        private Model(Random random) {
            this.random = random;
            window.restart();
        }

        private void next() {
            switch (random.nextInt(5)) {
                case 0, 1 -> append();
                case 2 -> window.skip(++position);
                case 3 -> confirm();
                default -> {
                    if (random.nextInt(10) == 0) {
                        restart();
                    }
                }
            }
        }

        private void append() {
            EventMessage next = message(++position, 1 + random.nextInt(1_500));
            if (hasRoom(window, next.sizeBytes())) {
                window.append(next);
                written.add(next);
                confirmed.add(false);
            } else {
                position--;
            }
        }

        private void confirm() {
            if (!written.isEmpty()) {
                int tag = 1 + random.nextInt(written.size());
                boolean multiple = random.nextInt(4) == 0;
                window.confirm(tag, multiple);
                for (int i = multiple ? 0 : tag - 1; i < tag; i++) {
                    confirmed.set(i, true);
                }
            }
        }

        private void restart() {
            written = new ArrayList<>(written.subList(head(), written.size()));
            confirmed = new ArrayList<>(Collections.nCopies(written.size(), false));
            assertEquals(written, window.unconfirmed());
            window.restart();
        }

        private int head() {
            int head = confirmed.indexOf(false);
            return head < 0 ? confirmed.size() : head;
        }

        private void compare(String seed) {
            assertEquals(written.size() - head(), window.inFlight(), seed);
            assertTrue(window.inFlight() <= CAPACITY);
            boolean allConfirmed = head() == written.size();
            long settled = allConfirmed ? position : written.get(head()).position() - 1;
            if (head() > 0 || allConfirmed && position > 0) {
                assertEquals(settled, window.settled(), seed);
            }
        }
    }

    @Test
    void limitsMessagesAndBytesButAdmitsSingleLargeMessage() {
        UnconfirmedWindow window = new UnconfirmedWindow(2, 100);
        assertTrue(hasRoom(window, 1_000));
        window.append(message(1, 1_000));
        assertFalse(hasRoom(window, 1));
        window.restart();
        window.confirm(1, false);
        window.append(message(2, 60));
        assertFalse(hasRoom(window, 41));
        window.append(message(3, 40));
        assertFalse(hasRoom(window, 0));
    }

    private static boolean hasRoom(UnconfirmedWindow window, int sizeBytes) {
        return window.hasRoom(window.inFlight(), window.inFlightBytes(), sizeBytes);
    }

    private static EventMessage message(long position, int size) {
        EventOrigin origin = new EventOrigin(0, position, "s", "", false);
        return new EventMessage(position, "E", new byte[size], "s:" + position, 0, origin);
    }
}
