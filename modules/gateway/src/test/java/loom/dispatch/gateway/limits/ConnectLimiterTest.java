package loom.dispatch.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadFailure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final ConnectLimiter limiter = new ConnectLimiter(PLACES, LAPSE, clockNanos::get);
    private final Queue<ThreadFailure> failures = new ConcurrentLinkedQueue<>();
    private final SupervisedThread thread =
            new SupervisedThreads(failures::add).start("limiter", limiter);
    private final BlockingQueue<Integer> granted = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        thread.stop();
        assertEquals(List.of(), List.copyOf(failures));
    }

    private ConnectLimiter.Place request(int attempt) {
        var place = limiter.place();
        place.request(() -> granted.add(attempt));
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
            taken.put(attempt, request(attempt));
            assertEquals(attempt, next(SOON));
        }
        return taken;
    }

    @Test
    void attemptsWithoutPlaceAreGrantedInOrderOfArrival() throws Exception {
        var taken = takeAll();
        request(10);
        request(11);
        assertNull(next(NEVER));
        taken.get(2).release();
        assertEquals(10, next(SOON));
        taken.get(0).release();
        assertEquals(11, next(SOON));
    }

    @Test
    void freedAttemptLeavesQueue() throws Exception {
        var taken = takeAll();
        var givenUp = request(10);
        request(11);
        givenUp.release();
        taken.get(0).release();
        assertEquals(11, next(SOON));
        givenUp.release();
        request(12);
        assertNull(next(NEVER), "what was not taken is not given back");
    }

    @Test
    void placeIsReturnedOnceWhenFreedTwice() throws Exception {
        var taken = takeAll();
        taken.get(0).release();
        taken.get(0).release();
        request(10);
        assertEquals(10, next(SOON));
        request(11);
        assertNull(next(NEVER));
    }

    @Test
    void lapsedAttemptReleasesItsPlace() throws Exception {
        var taken = takeAll();
        for (int attempt = 10; attempt < 10 + PLACES; attempt++) {
            request(attempt);
        }
        assertNull(next(NEVER), "the time is not over");
        lapse();
        for (int attempt = 10; attempt < 10 + PLACES; attempt++) {
            assertEquals(attempt, next(SOON));
        }
        taken.values().forEach(ConnectLimiter.Place::release);
        request(20);
        assertNull(next(NEVER), "their places were the next ones' already");
    }

    @Test
    void repeatedAttemptQueuesBehindOthers() throws Exception {
        var taken = takeAll();
        request(10);
        taken.get(0).request(() -> granted.add(20));
        assertEquals(10, next(SOON));
        assertNull(next(NEVER));
        taken.get(1).release();
        assertEquals(20, next(SOON));
    }

    @Test
    void allPlacesAreFreeAfter1000MixedOutcomes() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<Integer, ConnectLimiter.Place> waiting = new HashMap<>();
        Map<Integer, ConnectLimiter.Place> started = new HashMap<>();
        for (int attempt = 0; attempt < 1_000; attempt++) {
            waiting.put(attempt, request(attempt));
            for (Integer attempted = granted.poll();
                    attempted != null;
                    attempted = granted.poll()) {
                var place = waiting.remove(attempted);
                if (place != null) {
                    started.put(attempted, place);
                }
            }
            switch (random.nextInt(5)) {
                case 0 -> lapse();
                // given up, perhaps just when it is granted
                case 1 -> end(waiting, random);
                case 2, 3 -> end(started, random);
                default -> end(started, random).forEach(ConnectLimiter.Place::release);
            }
        }
        waiting.values().forEach(ConnectLimiter.Place::release);
        started.values().forEach(ConnectLimiter.Place::release);
        assertAllPlacesAreFree("seed " + seed);
    }

    /** Ends one attempt, if there is one. */
    private static List<ConnectLimiter.Place> end(
            Map<Integer, ConnectLimiter.Place> from, RandomGenerator random) {
        var some = from.keySet().stream().skip(random.nextInt(from.size() + 1)).findFirst();
        var ended = some.map(from::remove).stream().toList();
        ended.forEach(ConnectLimiter.Place::release);
        return ended;
    }

    private void assertAllPlacesAreFree(String of) throws InterruptedException {
        for (int attempt = 5_000; attempt < 5_000 + PLACES; attempt++) {
            request(attempt);
        }
        int attempted = -1;
        for (int attempt = 5_000; attempt < 5_000 + PLACES; attempt++) {
            while (attempted < attempt) {
                Integer next = next(SOON);
                assertTrue(next != null, of + ": a place is lost");
                attempted = next;
            }
            assertEquals(attempt, attempted, of);
        }
        request(9_999);
        assertNull(next(NEVER), of + ": a place was given back twice");
    }
}
