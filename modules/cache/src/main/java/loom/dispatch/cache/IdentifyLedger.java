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
 * Grants IDENTIFYs to all processes of a bot, within Discord's limits. It stores in Redis how many
 * are left today, when each rate limit key may be used again, and how often each shard has
 * identified. So a restart loses nothing (protocol sections 1.7 and 3.1).
 *
 * <p>Each operation is one script on one key, so it is atomic in Redis Cluster too. The scripts use
 * only the clock of Redis.
 *
 * <p>Safe for many threads. Blocks for a round trip and does not retry.
 */
public final class IdentifyLedger {
    private final RedisClient redis;
    private final String key;
    private final IdentifyRules terms;

    /** Distinguishes the turns of this process from those of others. */
    private final String process = UUID.randomUUID().toString();

    /**
     * Creates the ledger of one bot.
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
     * The rest of the daily budget.
     *
     * @param total IDENTIFYs allowed in a day
     * @param remaining how many are left: the lower of Discord's number and the number counted
     *     since
     * @param resetAfter time until the budget is full again
     * @param concurrency the number of rate limit keys
     */
    public record Standing(int total, int remaining, Duration resetAfter, int concurrency) {}

    /**
     * Stores Discord's answer. If the budget was not reset since, the lower number remains.
     *
     * @param said the {@code session_start_limit} of {@code GET /gateway/bot}
     * @throws RedisUnavailableException if Redis does not answer
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
     * Requests an IDENTIFY.
     *
     * @param shard the shard that wants to identify
     * @param discordAnswers whether the caller can ask Discord for the number left; if not, the
     *     stored number counts, which can only be too low
     * @return the decision; a granted IDENTIFY is counted as spent
     * @throws RedisUnavailableException if Redis does not answer; then no shard may identify
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
     * Reports that the shard's granted IDENTIFY has been sent, or may have been. Its rate limit key
     * is free one interval later. Without this report it is free after {@link IdentifyRules#hold}.
     *
     * @param shard the shard
     * @throws RedisUnavailableException if Redis does not answer
     */
    public void left(int shard) {
        run(IdentifyScripts.LEFT, List.of(shard, owner(shard), terms.interval().toMillis()));
    }

    /**
     * Returns the rest of the budget; empty if Discord was never asked.
     *
     * @throws RedisUnavailableException if Redis does not answer
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

    /** The answer to a request for an IDENTIFY. */
    public sealed interface Decision {
        /**
         * The shard may identify now. The caller reports with {@link IdentifyLedger#left} when the
         * IDENTIFY has been sent.
         *
         * @param remaining IDENTIFYs left after this one
         */
        record Granted(long remaining) implements Decision {}

        /**
         * The caller must first ask Discord how many are left, and call {@link
         * IdentifyLedger#observe}.
         */
        record AskDiscord() implements Decision {}

        /**
         * The shard must wait.
         *
         * @param why the reason
         * @param time request again after this time
         */
        record Wait(Why why, Duration time) implements Decision {}

        /** Reasons to wait. */
        enum Why {
            /**
             * The last IDENTIFY of the same rate limit key is too recent. Another process may have
             * sent it.
             */
            KEY,
            /** Only the reserve of the budget is left. */
            RESERVE,
            /** Few IDENTIFYs are left; they are spread over the time until the reset. */
            SLOW,
            /** This shard has identified too often; only this shard must wait. */
            LOOP
        }
    }
}
