package loom.dispatch.app;

import static java.lang.System.Logger.Level.WARNING;

import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.IdentifyBudget;

import java.time.Duration;
import java.util.Optional;

/**
 * The day's IDENTIFYs as Discord counts them: asked before they are spent, because other processes
 * spend from the same budget and a restart must not forget it.
 *
 * <p>A reserve is never spent. When less than four times the reserve is left, the rest is spread
 * over the time until Discord fills the budget again. Owner: the thread that starts the service,
 * then the identify limiter's thread; the latest answer may be read by any.
 */
final class SessionStarts implements IdentifyBudget, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.identifies");

    /** A twentieth of the day's budget, at least ten: enough to mend a night by hand. */
    private static final int RESERVE_PART = 20;

    private static final int LEAST_RESERVE = 10;
    private static final int SLOW_BELOW_RESERVES = 4;

    /**
     * So long an answer is believed, less what was spent since: a start of 16 at a time asks once.
     */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** While Discord does not say what is left, nothing may be spent. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    /** Discord may say that the budget is filled in no time at all. */
    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);

    private final DiscordApi api;
    private volatile Optional<GatewayBot> latest = Optional.empty();
    private long askedNanos;
    private long slowUntilNanos = System.nanoTime();

    SessionStarts(Settings settings) {
        api = new DiscordApi(settings.discord().apiUrl(), settings.discord().token());
    }

    /** What Discord last said of the budget. */
    Optional<GatewayBot> latest() {
        return latest;
    }

    @Override
    public Verdict take() {
        long now = System.nanoTime();
        if (latest.isPresent() && now - askedNanos < FRESH.toNanos()) {
            return spend(latest.get(), now);
        }
        try {
            return switch (ask()) {
                case Answer.Given<GatewayBot>(var bot) -> spend(bot, now);
                case Answer.Refused<GatewayBot>(var reason) -> unknown(reason);
                case Answer.Unavailable<GatewayBot>(var reason, var _) -> unknown(reason);
            };
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Verdict.Wait(UNKNOWN);
        }
    }

    /** Asks Discord; what it says is believed for a while. Blocks. */
    Answer<GatewayBot> ask() throws InterruptedException {
        Answer<GatewayBot> answer = api.gatewayBot();
        if (answer instanceof Answer.Given<GatewayBot>(var bot)) {
            askedNanos = System.nanoTime();
            latest = Optional.of(bot);
        }
        return answer;
    }

    private Verdict spend(GatewayBot bot, long now) {
        Verdict verdict = decide(bot, now);
        if (verdict instanceof Verdict.Granted) {
            latest = Optional.of(bot.spent());
        }
        return verdict;
    }

    private static Verdict unknown(String reason) {
        LOG.log(WARNING, "identifies.unknown reason=\"" + reason + "\"");
        return new Verdict.Wait(UNKNOWN);
    }

    /** Decides by what is left; visible for its test. */
    Verdict decide(GatewayBot bot, long nowNanos) {
        int reserve = Math.max(LEAST_RESERVE, bot.total() / RESERVE_PART);
        int spendable = bot.remaining() - reserve;
        if (spendable <= 0) {
            LOG.log(
                    WARNING,
                    "identifies.reserve remaining="
                            + bot.remaining()
                            + " reserve="
                            + reserve
                            + " reset_s="
                            + bot.resetAfter().toSeconds());
            return new Verdict.Wait(longer(bot.resetAfter(), LEAST_WAIT));
        }
        if (slowUntilNanos - nowNanos > 0) {
            return new Verdict.Wait(Duration.ofNanos(slowUntilNanos - nowNanos));
        }
        if (bot.remaining() < SLOW_BELOW_RESERVES * reserve) {
            Duration spacing = bot.resetAfter().dividedBy(spendable);
            slowUntilNanos = nowNanos + spacing.toNanos();
            LOG.log(
                    WARNING,
                    "identifies.slow remaining="
                            + bot.remaining()
                            + " spacing_s="
                            + spacing.toSeconds());
        }
        return new Verdict.Granted();
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    @Override
    public void close() {
        api.close();
    }
}
