package loom.dispatch.gateway.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Checks that the timer fires once at its earliest deadline, and that wake-ups do not pile up. */
final class WakeUpTimerTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final ScheduledThreadPoolExecutor clock =
            (ScheduledThreadPoolExecutor) WakeUpTimer.clock();
    private final BlockingQueue<Long> rings = new LinkedBlockingQueue<>();
    private final WakeUpTimer alarm = new WakeUpTimer(clock, () -> rings.add(System.nanoTime()));

    @AfterEach
    void end() {
        clock.shutdownNow();
    }

    private void set(long inNanos) {
        long now = System.nanoTime();
        alarm.ringsBy(now, now + inNanos);
    }

    @Test
    void firesAtEarliestDeadline() throws Exception {
        set(HOUR);
        long due = System.nanoTime() + 20_000_000;
        alarm.ringsBy(System.nanoTime(), due);
        set(HOUR);
        Long rang = rings.poll(20, TimeUnit.SECONDS);
        assertTrue(rang != null && rang - due >= 0, "rang at " + rang + ", due " + due);
        alarm.rang();
        set(0);
        assertTrue(rings.poll(20, TimeUnit.SECONDS) != null, "and again when set again");
    }

    @Test
    void atMostOneWakeUpIsPending() {
        for (int i = 1_000; i > 0; i--) {
            set(HOUR + i * 1_000_000_000L);
            set(2 * HOUR);
        }
        assertEquals(1, clock.getQueue().size());
    }

    @Test
    void settingAfterShutdownIsIgnored() {
        clock.shutdownNow();
        set(0);
        assertTrue(rings.isEmpty());
    }
}
