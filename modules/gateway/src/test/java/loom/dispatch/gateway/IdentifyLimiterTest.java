package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** IDENTIFYs of one key keep their distance, measured from when the payload has left. */
final class IdentifyLimiterTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private static final Duration BUDGET_WAIT = Duration.ofMillis(50);

    private final IdentifyLimiter limiter = new IdentifyLimiter(2, INTERVAL, this::take);
    private final AtomicInteger refusals = new AtomicInteger();
    private final Thread thread = Thread.ofVirtual().start(limiter);
    private final BlockingQueue<Integer> granted = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        thread.interrupt();
    }

    private IdentifyLimiter.Ticket ask(int shard) {
        var ticket = limiter.ticket(shard, () -> granted.add(shard));
        ticket.ask();
        return ticket;
    }

    private Integer next(Duration atMost) throws InterruptedException {
        return granted.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Test
    void keysDoNotWaitForEachOther() throws Exception {
        ask(0);
        ask(1);
        assertEquals(1, next(Duration.ofSeconds(5)) + next(Duration.ofSeconds(5)));
    }

    @Test
    void theDistanceCountsFromWhenThePayloadLeft() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        ask(2);
        assertNull(next(INTERVAL.multipliedBy(2)), "the first has not left");
        long left = System.nanoTime();
        first.left();
        assertEquals(2, next(Duration.ofSeconds(5)));
        assertTrue(System.nanoTime() - left >= INTERVAL.toNanos());
    }

    @Test
    void aTurnThatIsGivenBackIsTheNextOnes() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        var second = ask(2);
        ask(4);
        second.abandon();
        first.abandon();
        assertEquals(4, next(Duration.ofSeconds(5)));
    }

    @Test
    void aBudgetThatSaysWaitIsAskedAgainAndNobodyGoesMeanwhile() throws Exception {
        refusals.set(3);
        long asked = System.nanoTime();
        ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        assertTrue(System.nanoTime() - asked >= 3 * BUDGET_WAIT.toNanos());
        assertEquals(-1, refusals.get());
    }

    private IdentifyBudget.Verdict take() {
        return refusals.getAndDecrement() > 0
                ? new IdentifyBudget.Verdict.Wait(BUDGET_WAIT)
                : new IdentifyBudget.Verdict.Granted();
    }
}
