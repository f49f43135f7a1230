package loom.dispatch.app.run;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.cache.IdentifyLedger;
import loom.dispatch.cache.IdentifyLedger.Decision.Why;
import loom.dispatch.cache.IdentifyLedger.Standing;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.DiscordApi.Answer;
import loom.dispatch.gateway.DiscordApi.GatewayBot;
import loom.dispatch.gateway.IdentifyBudget;
import loom.dispatch.runtime.EventLog;

import java.time.Duration;
import java.util.Optional;

/**
 * The bot's IDENTIFYs: Discord says how many are left, the ledger in Redis shares them with the
 * other processes and over restarts. While Redis is away nobody identifies, for nobody knows what
 * the others do; sessions are resumed all the same.
 *
 * <p>Owner: the identify limiter's thread; standing and reason may be read by any.
 */
final class SharedIdentifyBudget implements IdentifyBudget {
    private static final EventLog LOG = new EventLog("loom.dispatch.identifies");

    /** While nobody says what is left, nothing may be spent. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    /** Discord may say that the budget is filled in no time at all. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(250);

    /** However long the wait: so often it is looked whether things have changed. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final DiscordApi api;
    private final IdentifyLedger ledger;
    private volatile Optional<Known> known = Optional.empty();
    private volatile Optional<String> waiting = Optional.empty();

    /** What was last known, and when. */
    private record Known(Standing standing, long nanos) {}

    /**
     * Enters into the ledger what Discord said when it was asked at the start.
     *
     * @param said empty if it did not answer: then the ledger knows, or who wants to IDENTIFY asks
     * @throws RedisUnavailableException when Redis does not answer; call again
     */
    SharedIdentifyBudget(DiscordApi api, IdentifyLedger ledger, Optional<GatewayBot> said) {
        this.api = api;
        this.ledger = ledger;
        said.ifPresent(this::observe);
        refresh();
    }

    /** What is left of the budget. */
    Optional<Standing> standing() {
        return known.map(last -> {
            Duration age = Duration.ofNanos(System.nanoTime() - last.nanos);
            Duration left = last.standing.resetAfter().minus(age);
            return new Standing(
                    last.standing.total(),
                    last.standing.remaining(),
                    left.isNegative() ? Duration.ZERO : left,
                    last.standing.concurrency());
        });
    }

    /** Why shards that want to IDENTIFY may not; empty if they may or none wants to. */
    Optional<String> waiting() {
        return waiting;
    }

    @Override
    public Verdict take(int shard) {
        try {
            IdentifyLedger.Decision turn = ledger.take(shard, true);
            return verdict(
                    shard,
                    turn instanceof IdentifyLedger.Decision.AskDiscord ? asked(shard) : turn);
        } catch (RedisUnavailableException e) {
            return unknown("Redis does not answer: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Verdict.Wait(UNKNOWN);
        }
    }

    private IdentifyLedger.Decision asked(int shard) throws InterruptedException {
        return switch (api.gatewayBot()) {
            case Answer.Given<GatewayBot>(var bot) -> {
                observe(bot);
                yield ledger.take(shard, true);
            }
            case Answer.Refused<GatewayBot>(var reason) -> unanswered(reason);
            case Answer.Unavailable<GatewayBot>(var reason, var _) -> {
                LOG.write(AppLogEvents.IDENTIFY_LIMIT_UNKNOWN, reason);
                IdentifyLedger.Decision turn = ledger.take(shard, false);
                yield turn instanceof IdentifyLedger.Decision.AskDiscord
                        ? unanswered(reason)
                        : turn;
            }
        };
    }

    private void observe(GatewayBot bot) {
        ledger.observe(
                new Standing(bot.total(), bot.remaining(), bot.resetAfter(), bot.maxConcurrency()));
    }

    private IdentifyLedger.Decision unanswered(String reason) {
        say("Discord does not say how many IDENTIFYs are left: " + reason);
        return new IdentifyLedger.Decision.AskDiscord();
    }

    private Verdict verdict(int shard, IdentifyLedger.Decision turn) {
        return switch (turn) {
            case IdentifyLedger.Decision.Granted _ -> {
                refresh();
                if (waiting.isPresent()) {
                    LOG.write(AppLogEvents.IDENTIFY_GRANTED, shard);
                }
                waiting = Optional.empty();
                yield new Verdict.Granted();
            }
            case IdentifyLedger.Decision.AskDiscord _ -> new Verdict.Wait(UNKNOWN);
            case IdentifyLedger.Decision.Wait(var why, var time) -> {
                Duration bounded = bounded(time);
                explain(shard, why, time);
                yield why == Why.LOOP ? new Verdict.Pause(bounded) : new Verdict.Wait(bounded);
            }
        };
    }

    private void explain(int shard, Why why, Duration time) {
        switch (why) {
            case KEY -> {} // the usual pace
            case RESERVE, SLOW -> {
                refresh();
                String left = known.map(last -> last.standing.remaining() + " left").orElse("");
                say(
                        why == Why.RESERVE
                                ? "only the reserve of IDENTIFYs is left (" + left + ")"
                                : "few IDENTIFYs are left (" + left + "): slowed down");
            }
            case LOOP -> {
                say("shard " + shard + " identifies again and again: paused");
                LOG.write(AppLogEvents.IDENTIFY_LOOP, shard, time.toSeconds());
            }
        }
    }

    private void refresh() {
        known = ledger.standing().map(standing -> new Known(standing, System.nanoTime()));
    }

    private Verdict unknown(String reason) {
        say(reason);
        return new Verdict.Wait(UNKNOWN);
    }

    /** Tells the status, and the log when it is news. */
    private void say(String reason) {
        if (!waiting.equals(Optional.of(reason))) {
            LOG.write(AppLogEvents.IDENTIFY_WAITING, reason);
        }
        waiting = Optional.of(reason);
    }

    private static Duration bounded(Duration time) {
        if (time.compareTo(LEAST_WAIT) < 0) {
            return LEAST_WAIT;
        }
        return time.compareTo(LONGEST_WAIT) < 0 ? time : LONGEST_WAIT;
    }

    @Override
    public void left(int shard) {
        try {
            ledger.left(shard);
        } catch (RedisUnavailableException e) {
            // the hold that the turn was taken with is longer than the interval
            LOG.write(AppLogEvents.IDENTIFY_NOT_RECORDED, e.getMessage());
        }
    }
}
