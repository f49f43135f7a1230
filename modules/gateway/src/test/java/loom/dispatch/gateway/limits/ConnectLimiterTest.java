package loom.dispatch.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Checks that no more attempts run than there are places, and that every place is returned. */
final class ConnectLimiterTest {
    private static final int PLACES = 4;
    private static final Duration LAPSE = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AtomicLong clockNanos = new AtomicLong();
    private final ConnectLimiter gate = new ConnectLimiter(PLACES, LAPSE, clockNanos::get);
    private final Thread thread = Thread.ofVirtual().start(gate);
    private final BlockingQueue<Integer> granted = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        thread.interrupt();
    }

    private ConnectLimiter.Place ask(int attempt) {
        var place = gate.place();
        place.ask(() -> granted.add(attempt));
        return place;
    }

    private Integer next(Duration atMost) throws InterruptedException {
        return granted.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void lapse() {
        clockNanos.addAndGet(LAPSE.toNanos());
    }

    /** Takes all places, by the attempts 0 to 3. */
    private Map<Integer, ConnectLimiter.Place> takeAll() throws InterruptedException {
        Map<Integer, ConnectLimiter.Place> taken = new HashMap<>();
        for (int attempt = 0; attempt < PLACES; attempt++) {
            taken.put(attempt, ask(attempt));
            assertEquals(attempt, next(SOON));
        }
        return taken;
    }

    @Test
    void attemptsWithoutPlaceAreGrantedInOrderOfArrival() throws Exception {
        var taken = takeAll();
        ask(10);
        ask(11);
        assertNull(next(NEVER));
        taken.get(2).free();
        assertEquals(10, next(SOON));
        taken.get(0).free();
        assertEquals(11, next(SOON));
    }

    @Test
    void freedAttemptLeavesQueue() throws Exception {
        var taken = takeAll();
        var givenUp = ask(10);
        ask(11);
        givenUp.free();
        taken.get(0).free();
        assertEquals(11, next(SOON));
        givenUp.free();
        ask(12);
        assertNull(next(NEVER), "what was not taken is not given back");
    }

    @Test
    void placeIsReturnedOnceWhenFreedTwice() throws Exception {
        var taken = takeAll();
        taken.get(0).free();
        taken.get(0).free();
        ask(10);
        assertEquals(10, next(SOON));
        ask(11);
        assertNull(next(NEVER));
    }

    @Test
    void lapsedAttemptReleasesItsPlace() throws Exception {
        var taken = takeAll();
        for (int attempt = 10; attempt < 10 + PLACES; attempt++) {
            ask(attempt);
        }
        assertNull(next(NEVER), "the time is not over");
        lapse();
        for (int attempt = 10; attempt < 10 + PLACES; attempt++) {
            assertEquals(attempt, next(SOON));
        }
        taken.values().forEach(ConnectLimiter.Place::free);
        ask(20);
        assertNull(next(NEVER), "their places were the next ones' already");
    }

    @Test
    void repeatedAttemptQueuesBehindOthers() throws Exception {
        var taken = takeAll();
        ask(10);
        taken.get(0).ask(() -> granted.add(20));
        assertEquals(10, next(SOON));
        assertNull(next(NEVER));
        taken.get(1).free();
        assertEquals(20, next(SOON));
    }

    @Test
    void allPlacesAreFreeAfter1000MixedOutcomes() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<Integer, ConnectLimiter.Place> waiting = new HashMap<>();
        Map<Integer, ConnectLimiter.Place> begun = new HashMap<>();
        for (int attempt = 0; attempt < 1_000; attempt++) {
            waiting.put(attempt, ask(attempt));
            for (Integer turn = granted.poll(); turn != null; turn = granted.poll()) {
                var place = waiting.remove(turn);
                if (place != null) {
                    begun.put(turn, place);
                }
            }
            switch (random.nextInt(5)) {
                case 0 -> lapse();
                // given up, perhaps just when it is granted
                case 1 -> end(waiting, random);
                case 2, 3 -> end(begun, random);
                default -> end(begun, random).forEach(ConnectLimiter.Place::free);
            }
        }
        waiting.values().forEach(ConnectLimiter.Place::free);
        begun.values().forEach(ConnectLimiter.Place::free);
        assertAllPlacesAreFree("seed " + seed);
    }

    /** Ends one attempt, if there is one. */
    private static List<ConnectLimiter.Place> end(
            Map<Integer, ConnectLimiter.Place> from, RandomGenerator random) {
        var some = from.keySet().stream().skip(random.nextInt(from.size() + 1)).findFirst();
        var ended = some.map(from::remove).stream().toList();
        ended.forEach(ConnectLimiter.Place::free);
        return ended;
    }

    private void assertAllPlacesAreFree(String of) throws InterruptedException {
        for (int attempt = 5_000; attempt < 5_000 + PLACES; attempt++) {
            ask(attempt);
        }
        int turn = -1;
        for (int attempt = 5_000; attempt < 5_000 + PLACES; attempt++) {
            while (turn < attempt) {
                Integer next = next(SOON);
                assertTrue(next != null, of + ": a place is lost");
                turn = next;
            }
            assertEquals(attempt, turn, of);
        }
        ask(9_999);
        assertNull(next(NEVER), of + ": a place was given back twice");
    }
}
