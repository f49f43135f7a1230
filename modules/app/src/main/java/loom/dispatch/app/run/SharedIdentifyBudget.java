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
 * Grants IDENTIFYs from the bot's daily limit. Discord says how many are left; the ledger in Redis
 * shares them with the other processes and keeps them over restarts. While Redis is unavailable, no
 * shard identifies, because other processes may. Shards resume all the same.
 *
 * <p>Owner: the identify limiter's thread. Any thread may read the limit and the reason of a wait.
 */
final class SharedIdentifyBudget implements IdentifyBudget {
    private static final EventLog LOG = new EventLog("loom.dispatch.identifies");

    /** The wait while the remaining number is unknown. */
    private static final Duration UNKNOWN = Duration.ofSeconds(5);

    /** The shortest wait, because Discord may announce a reset in 0 ms. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(250);

    /** The longest wait before the ledger is asked again. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final DiscordApi api;
    private final IdentifyLedger ledger;
    private volatile Optional<Known> known = Optional.empty();
    private volatile Optional<String> waiting = Optional.empty();

    /** The latest known limit, and the time of the answer. */
    private record Known(Standing standing, long nanos) {}

    /**
     * Writes Discord's answer of the start to the ledger.
     *
     * @param said empty if Discord did not answer; the ledger then has an earlier answer, or the
     *     first IDENTIFY asks Discord
     * @throws RedisUnavailableException if Redis does not answer; call again
     */
    SharedIdentifyBudget(DiscordApi api, IdentifyLedger ledger, Optional<GatewayBot> said) {
        this.api = api;
        this.ledger = ledger;
        said.ifPresent(this::observe);
        refresh();
    }

    /** Returns the remaining limit, if it is known. */
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

    /** Returns why shards wait for an IDENTIFY; empty if none waits. */
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
            case KEY -> {} // the usual interval of a key
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

    /** Sets the reason for the status page, and logs it if it is new. */
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
            // the key stays reserved for longer than the interval
            LOG.write(AppLogEvents.IDENTIFY_NOT_RECORDED, e.getMessage());
        }
    }
}
