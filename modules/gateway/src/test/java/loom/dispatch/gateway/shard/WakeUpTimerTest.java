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

    private final ScheduledThreadPoolExecutor scheduler =
            (ScheduledThreadPoolExecutor) WakeUpTimer.newScheduler();
    private final BlockingQueue<Long> wakeUps = new LinkedBlockingQueue<>();
    private final WakeUpTimer timer =
            new WakeUpTimer(scheduler, () -> wakeUps.add(System.nanoTime()));

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    private void set(long inNanos) {
        long now = System.nanoTime();
        timer.setFor(now, now + inNanos);
    }

    @Test
    void firesAtEarliestDeadline() throws Exception {
        set(HOUR);
        long due = System.nanoTime() + 20_000_000;
        timer.setFor(System.nanoTime(), due);
        set(HOUR);
        Long firedAt = wakeUps.poll(20, TimeUnit.SECONDS);
        assertTrue(firedAt != null && firedAt - due >= 0, "fired at " + firedAt + ", due " + due);
        timer.fired();
        set(0);
        assertTrue(wakeUps.poll(20, TimeUnit.SECONDS) != null, "and again when set again");
    }

    @Test
    void atMostOneWakeUpIsPending() {
        for (int i = 1_000; i > 0; i--) {
            set(HOUR + i * 1_000_000_000L);
            set(2 * HOUR);
        }
        assertEquals(1, scheduler.getQueue().size());
    }

    @Test
    void settingAfterShutdownIsIgnored() {
        scheduler.shutdownNow();
        set(0);
        assertTrue(wakeUps.isEmpty());
    }
}
