package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.IdentifyBudget.Verdict;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The reserve is never spent, whatever loops. */
final class SessionStartsTest {
    private static final Duration RESET = Duration.ofHours(10);

    private final SessionStarts starts = new SessionStarts(settings());

    private static Settings settings() {
        try {
            return Settings.from(new Environment(Map.of(), Map.of("BOT_TOKEN", "t")));
        } catch (StartFailure e) {
            throw new AssertionError(e);
        }
    }

    private static GatewayBot bot(int remaining, Duration resetAfter) {
        return new GatewayBot(URI.create("wss://g"), 1, remaining, 1000, resetAfter, 1);
    }

    @Test
    void aFullBudgetIsSpentFreely() {
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(
                    Verdict.Granted.class, starts.decide(bot(1000 - i, RESET), System.nanoTime()));
        }
    }

    @Test
    void theReserveIsNeverSpent() {
        assertEquals(new Verdict.Wait(RESET), starts.decide(bot(50, RESET), System.nanoTime()));
        assertEquals(new Verdict.Wait(RESET), starts.decide(bot(0, RESET), System.nanoTime()));
    }

    @Test
    void aResetAfterOfZeroDoesNotSpin() {
        var wait = (Verdict.Wait) starts.decide(bot(0, Duration.ZERO), System.nanoTime());
        assertTrue(wait.time().toMillis() >= 1000);
    }

    @Test
    void aLoopOfIdentifiesLastsUntilTheBudgetIsFilledAgain() {
        int remaining = 1000;
        long now = System.nanoTime();
        long end = now + RESET.toNanos();
        while (now < end) {
            Duration left = Duration.ofNanos(end - now);
            switch (starts.decide(bot(remaining, left), now)) {
                case Verdict.Granted _ -> {
                    remaining--;
                    now += Duration.ofSeconds(1).toNanos();
                }
                case Verdict.Wait(var time) -> now += Math.max(time.toNanos(), 1);
            }
        }
        assertTrue(remaining >= 50, "only " + remaining + " left");
    }
}
