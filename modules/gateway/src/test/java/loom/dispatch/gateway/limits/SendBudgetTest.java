package loom.dispatch.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Checks Discord's limit of 120 messages in 60 s for random sequences of frames. */
final class SendBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = Duration.ofSeconds(60).toNanos();

    @Test
    void noInterleavingExceedsLimitOrBlocksHeartbeat() {
        for (long seed = 1; seed <= 300; seed++) {
            new Run(seed).check();
        }
    }

    @Test
    void commandsUseAllThatHeartbeatsLeave() {
        var budget = new SendBudget();
        budget.setHeartbeatInterval(41_250);
        int sent = 0;
        while (budget.commandAtNanos() <= 0) {
            budget.passedToSocket(0);
            budget.sent(0);
            sent++;
        }
        assertEquals(117, sent);
        assertEquals(61 * SECOND, budget.commandAtNanos(), "then the first one makes room");
    }

    @Test
    void slowFrameCountsFromWhenItWasSent() {
        var budget = new SendBudget();
        budget.setHeartbeatInterval(41_250);
        for (int i = 0; i < 117; i++) {
            budget.passedToSocket(0);
            budget.sent(20 * SECOND);
        }
        assertEquals(81 * SECOND, budget.commandAtNanos());
    }

    @Test
    void noCommandIsSentBeforeHello() {
        assertEquals(SlidingWindow.NEVER, new SendBudget().commandAtNanos());
    }

    /** Simulates one connection on which frames of all kinds are sent at random times. */
    private static final class Run {
        private final long seed;
        private final Random random;
        private final SendBudget budget = new SendBudget();
        private final List<Long> sent = new ArrayList<>();
        private final long intervalNanos;
        private long now;
        private long beats;
        private long wantedBeats;

        private Run(long seed) {
            this.seed = seed;
            random = new Random(seed);
            long intervalMillis = random.nextLong(600, 60_000);
            intervalNanos = intervalMillis * 1_000_000;
            budget.setHeartbeatInterval(intervalMillis);
        }

        private void check() {
            send();
            long beatAt = random.nextLong(intervalNanos);
            long end = 5 * MINUTE;
            while (now < end) {
                long next = now + random.nextLong(1, random.nextBoolean() ? SECOND : SECOND / 50);
                if (beatAt <= next) {
                    now = beatAt;
                    wantedBeats++;
                    // the regular heartbeat needs no budget
                    send();
                    beats++;
                    beatAt += intervalNanos + random.nextLong(5_000_000);
                } else {
                    now = next;
                    sendSomething();
                }
            }
            assertEquals(wantedBeats, beats, () -> "seed " + seed);
            assertWithinLimit();
        }

        private void sendSomething() {
            boolean allowed =
                    random.nextInt(4) == 0
                            ? budget.mayAnswerRequest(now)
                            : budget.commandAtNanos() <= now;
            if (allowed) {
                send();
            }
        }

        private void send() {
            budget.passedToSocket(now);
            now += random.nextInt(10) == 0 ? random.nextLong(SECOND / 10) : 0;
            budget.sent(now);
            sent.add(now);
        }

        private void assertWithinLimit() {
            for (int i = SendBudget.LIMIT; i < sent.size(); i++) {
                long span = sent.get(i) - sent.get(i - SendBudget.LIMIT);
                assertTrue(span > MINUTE, () -> "121 messages in " + span + " ns, seed " + seed);
            }
        }
    }
}
