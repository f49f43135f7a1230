package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.stores.IdentifyScripts;

import redis.clients.jedis.exceptions.JedisDataException;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A bot's IDENTIFYs, kept in Redis: how many are left today, when each key may be used again, and
 * which shards loop. All processes of a bot share it and a restart forgets nothing (protocol
 * sections 1.7 and 3.1). Each step is one script on one key, so it is atomic, in a cluster too; the
 * only clock is Redis's.
 *
 * <p>Safe for many threads. Blocks for a round trip; never waits for Redis to come back.
 */
public final class IdentifyLedger {
    private final RedisClient redis;
    private final String key;
    private final IdentifyRules terms;

    /** Tells this process's turns from others'. */
    private final String process = UUID.randomUUID().toString();

    /**
     * The ledger of one bot.
     *
     * @param redis the connections
     * @param bot the bot's id
     * @param terms the rules, the same in every process
     */
    public IdentifyLedger(RedisClient redis, String bot, IdentifyRules terms) {
        this.redis = redis;
        this.key = RedisKeys.identifiesOf(bot);
        this.terms = terms;
    }

    /**
     * What is left of the budget.
     *
     * @param total IDENTIFYs in a day
     * @param remaining of these, left: the lower of what Discord said and what was spent since
     * @param resetAfter until it is filled again
     * @param concurrency number of keys
     */
    public record Standing(int total, int remaining, Duration resetAfter, int concurrency) {}

    /**
     * Enters what Discord says. Within a window of the budget the lower count stays.
     *
     * @param said the {@code session_start_limit} of {@code GET /gateway/bot}
     * @throws RedisUnavailableException when Redis does not answer
     */
    public void observe(Standing said) {
        run(
                IdentifyScripts.OBSERVE,
                List.of(
                        said.total(),
                        said.remaining(),
                        said.resetAfter().toMillis(),
                        said.concurrency()));
    }

    /**
     * Asks for an IDENTIFY.
     *
     * @param shard the shard that wants it
     * @param discordAnswers whether Discord can be asked what is left; if not, what is known will
     *     do, for it can only be less than the truth
     * @return the answer; a granted turn is spent
     * @throws RedisUnavailableException when Redis does not answer: then nobody may IDENTIFY
     */
    public Decision take(int shard, boolean discordAnswers) {
        List<?> answer =
                (List<?>)
                        run(
                                IdentifyScripts.TAKE,
                                List.of(
                                        shard,
                                        owner(shard),
                                        discordAnswers ? terms.fresh().toMillis() : -1,
                                        terms.hold().toMillis(),
                                        terms.reservePart(),
                                        terms.leastReserve(),
                                        terms.slowReserves(),
                                        terms.freeLoops(),
                                        terms.firstPause().toMillis(),
                                        terms.longestPause().toMillis(),
                                        terms.forgive().toMillis()));
        String word = RedisReplies.text(answer.get(0));
        long number = (Long) answer.get(1);
        return switch (word) {
            case "granted" -> new Decision.Granted(number);
            case "ask" -> new Decision.AskDiscord();
            default ->
                    new Decision.Wait(
                            Decision.Why.valueOf(word.toUpperCase(Locale.ROOT)),
                            Duration.ofMillis(number));
        };
    }

    /**
     * Reports that the shard's granted IDENTIFY has left, or may have: its key is free again an
     * interval from now. Without this report it is after {@link IdentifyRules#hold}.
     *
     * @param shard the shard
     * @throws RedisUnavailableException when Redis does not answer
     */
    public void left(int shard) {
        run(IdentifyScripts.LEFT, List.of(shard, owner(shard), terms.interval().toMillis()));
    }

    /**
     * What is left; empty before Discord was ever asked.
     *
     * @return the standing
     * @throws RedisUnavailableException when Redis does not answer
     */
    public Optional<Standing> standing() {
        List<?> answer = (List<?>) run(IdentifyScripts.STANDING, List.of());
        return answer.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Standing(
                                Math.toIntExact((Long) answer.get(0)),
                                Math.toIntExact((Long) answer.get(1)),
                                Duration.ofMillis((Long) answer.get(2)),
                                Math.toIntExact((Long) answer.get(3))));
    }

    private String owner(int shard) {
        return process + ":" + shard;
    }

    private Object run(String script, List<?> arguments) {
        Object reply =
                redis.exchange(List.of(RedisCommands.script(script, key, arguments))).getFirst();
        if (reply instanceof JedisDataException refusal) {
            throw new RedisUnavailableException(RedisFailures.reason(refusal), refusal);
        }
        return reply;
    }

    /** The ledger's answer to who wants to IDENTIFY. */
    public sealed interface Decision {
        /**
         * The shard may IDENTIFY now; report with {@link IdentifyLedger#left} when it has left.
         *
         * @param remaining IDENTIFYs left after it
         */
        record Granted(long remaining) implements Decision {}

        /** Nobody may before Discord has said what is left: see {@link IdentifyLedger#observe}. */
        record AskDiscord() implements Decision {}

        /**
         * Not now.
         *
         * @param why what stands against it
         * @param time ask again after this
         */
        record Wait(Why why, Duration time) implements Decision {}

        /** What stands against an IDENTIFY. */
        enum Why {
            /** Another IDENTIFY of the same key was less than the interval ago, maybe elsewhere. */
            KEY,
            /** Only the reserve is left. */
            RESERVE,
            /** Little is left, and is spread over the time until the budget is filled again. */
            SLOW,
            /** This shard has IDENTIFYed again and again; only it must wait. */
            LOOP
        }
    }
}
