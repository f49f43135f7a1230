package loom.dispatch.broker.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Compares the window with a model that keeps everything in lists. */
class UnconfirmedWindowTest {

    @Test
    void settlesConfirmedPrefixInEveryOrderOfConfirms() {
        for (int run = 0; run < 300; run++) {
            compareWithModel(run);
        }
    }

    private static void compareWithModel(long seed) {
        Random random = new Random(seed);
        UnconfirmedWindow window = new UnconfirmedWindow(8, 4_000);
        List<EventMessage> written = new ArrayList<>();
        List<Boolean> confirmed = new ArrayList<>();
        long position = 0;
        long settled = Long.MIN_VALUE;
        long trailing = 0;
        window.restart();
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    EventMessage next = message(++position, 1 + random.nextInt(1_500));
                    if (hasRoom(window, next.sizeBytes())) {
                        window.append(next);
                        written.add(next);
                        confirmed.add(false);
                        trailing = position;
                    }
                }
                case 2 -> {
                    window.skip(++position);
                    trailing = position;
                }
                case 3 -> {
                    if (!written.isEmpty()) {
                        int tag = 1 + random.nextInt(written.size());
                        boolean multiple = random.nextInt(4) == 0;
                        window.confirm(tag, multiple);
                        for (int i = multiple ? 0 : tag - 1; i < tag; i++) {
                            confirmed.set(i, true);
                        }
                    }
                }
                default -> {
                    if (random.nextInt(10) == 0) {
                        int head = head(confirmed);
                        assertEquals(written.subList(head, written.size()), window.unconfirmed());
                        window.restart();
                        written = new ArrayList<>(written.subList(head, written.size()));
                        confirmed = new ArrayList<>();
                        for (int i = 0; i < written.size(); i++) {
                            confirmed.add(false);
                        }
                    }
                }
            }
            int head = head(confirmed);
            settled = head == written.size() ? trailing : written.get(head).position() - 1;
            assertEquals(written.size() - head, window.inFlight(), "seed " + seed);
            assertTrue(window.inFlight() <= 8);
            if (window.settled() != Long.MIN_VALUE && window.inFlight() == 0) {
                assertEquals(settled, window.settled(), "seed " + seed);
            } else {
                assertTrue(window.settled() <= settled, "seed " + seed);
            }
        }
    }

    private static boolean hasRoom(UnconfirmedWindow window, int sizeBytes) {
        return window.hasRoom(window.inFlight(), window.inFlightBytes(), sizeBytes);
    }

    private static int head(List<Boolean> confirmed) {
        int head = confirmed.indexOf(false);
        return head < 0 ? confirmed.size() : head;
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

    private static EventMessage message(long position, int size) {
        EventOrigin origin = new EventOrigin(0, position, "s", "", false);
        return new EventMessage(position, "E", new byte[size], "s:" + position, 0, origin);
    }
}
