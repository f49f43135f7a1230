package loom.dispatch.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.IdentifyBudget;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadFailure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks the interval between IDENTIFYs of one key, from when the payload was sent. */
final class IdentifyLimiterTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** A shard that the budget pauses for long. */
    private static final int PAUSED = 6;

    private static final Duration BUDGET_WAIT = Duration.ofMillis(50);

    private final IdentifyLimiter limiter = new IdentifyLimiter(2, INTERVAL, budget());
    private final AtomicInteger refusals = new AtomicInteger();
    private final BlockingQueue<Integer> left = new LinkedBlockingQueue<>();
    private final Queue<ThreadFailure> failures = new ConcurrentLinkedQueue<>();
    private final SupervisedThread thread =
            new SupervisedThreads(failures::add).start("limiter", limiter);
    private final BlockingQueue<Integer> granted = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        thread.stop();
        assertEquals(List.of(), List.copyOf(failures));
    }

    private IdentifyLimiter.Ticket ask(int shard) {
        var ticket = limiter.ticket(shard, () -> granted.add(shard));
        ticket.request();
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
    void intervalStartsWhenIdentifyWasSent() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        ask(2);
        assertNull(next(INTERVAL.multipliedBy(2)), "the first has not left");
        long left = System.nanoTime();
        first.identifySent();
        assertEquals(2, next(Duration.ofSeconds(5)));
        assertTrue(System.nanoTime() - left >= INTERVAL.toNanos());
    }

    @Test
    void abandonedTurnPassesToNextShard() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        var second = ask(2);
        ask(4);
        second.abandon();
        first.abandon();
        assertEquals(4, next(Duration.ofSeconds(5)));
    }

    @Test
    void waitOfBudgetBlocksKeyUntilAskedAgain() throws Exception {
        refusals.set(3);
        long asked = System.nanoTime();
        ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        assertTrue(System.nanoTime() - asked >= 3 * BUDGET_WAIT.toNanos());
        assertEquals(-1, refusals.get());
    }

    @Test
    void pausedShardDoesNotDelayOthersOfItsKey() throws Exception {
        ask(PAUSED);
        ask(2);
        assertEquals(2, next(Duration.ofSeconds(5)));
        assertNull(next(Duration.ZERO));
    }

    @Test
    void everyIdentifyThatMayHaveBeenSentIsReportedToBudget() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        first.identifySent();
        assertEquals(0, left.poll(5, TimeUnit.SECONDS));
        var second = ask(1);
        assertEquals(1, next(Duration.ofSeconds(5)));
        second.abandon();
        assertEquals(1, left.poll(5, TimeUnit.SECONDS));
    }

    @Test
    void noTurnIsGrantedAfterForbid() throws Exception {
        var first = ask(0);
        assertEquals(0, next(Duration.ofSeconds(5)));
        limiter.forbid();
        first.identifySent();
        ask(1);
        ask(2);
        assertNull(next(INTERVAL.multipliedBy(3)));
    }

    private IdentifyBudget budget() {
        return new IdentifyBudget() {
            @Override
            public Verdict take(int shard) {
                if (shard == PAUSED) {
                    return new Verdict.Pause(Duration.ofHours(1));
                }
                return refusals.getAndDecrement() > 0
                        ? new Verdict.Wait(BUDGET_WAIT)
                        : new Verdict.Granted();
            }

            @Override
            public void left(int shard) {
                left.add(shard);
            }
        };
    }
}
