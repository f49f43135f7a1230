package loom.dispatch.app.config;

import static loom.dispatch.app.config.EnvironmentVariable.flag;
import static loom.dispatch.app.config.EnvironmentVariable.number;
import static loom.dispatch.app.config.EnvironmentVariable.text;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The settings of the shards of this process and of their start.
 *
 * @param last the last shard of this process; empty for the last shard of all
 * @param total number of shards of all processes; empty for the number that Discord recommends
 */
public record ShardSettings(
        int first,
        OptionalInt last,
        OptionalInt total,
        int identifyConcurrency,
        Duration identifyInterval,
        boolean resume) {

    private static final int MOST_SHARDS = 1_000_000;

    /** Discord's limit of 5 s, and 250 ms for different clocks. */
    private static final Duration DISCORD_INTERVAL = Duration.ofMillis(5250);

    static final EnvironmentVariable<Long> SHARDS_START =
            number("SHARDS_START", "0", 0, MOST_SHARDS, "shard", "first shard of this process");
    static final EnvironmentVariable<String> SHARDS_END =
            autoOrNumber(
                    "SHARDS_END", "last shard of this process, inclusive; auto = SHARDS_TOTAL - 1");
    static final EnvironmentVariable<String> SHARDS_TOTAL =
            autoOrNumber(
                    "SHARDS_TOTAL",
                    "number of shards of all processes; auto = as Discord recommends");
    static final EnvironmentVariable<Long> SHARDS_PER_REPLICA =
            number(
                    "SHARDS_PER_REPLICA",
                    "0",
                    0,
                    MOST_SHARDS,
                    "shards",
                    "number of shards of each replica, instead of SHARDS_START and"
                            + " SHARDS_END; 0 = off");
    static final EnvironmentVariable<String> SHARDS_REPLICA =
            text(
                    "SHARDS_REPLICA",
                    "",
                    "a number from 0, or a name that ends with one, for example"
                            + " loom-dispatch-3",
                    "number of this replica; empty = the number at the end of HOSTNAME,"
                            + " which Kubernetes sets");
    static final EnvironmentVariable<Long> SHARDS_CONCURRENCY =
            number(
                    "SHARDS_CONCURRENCY",
                    "1000000",
                    1,
                    MOST_SHARDS,
                    "",
                    "concurrent IDENTIFYs; never more than Discord allows");
    static final EnvironmentVariable<Long> SHARDS_WAIT =
            number(
                    "SHARDS_WAIT",
                    "5",
                    0,
                    3600,
                    "seconds",
                    "time between two IDENTIFYs of one rate limit key; Discord requires at"
                            + " least 5");
    static final EnvironmentVariable<Long> CLUSTERS =
            number(
                    "CLUSTERS",
                    "1",
                    0,
                    MOST_SHARDS,
                    "",
                    "has no effect; accepted because twilight-dispatch has it");
    static final EnvironmentVariable<Boolean> RESUME =
            flag("RESUME", "true", "resume the sessions of the previous process");

    /** All variables of this part, in the order of the help. */
    static final List<EnvironmentVariable<?>> VARIABLES =
            List.of(
                    SHARDS_START,
                    SHARDS_END,
                    SHARDS_TOTAL,
                    SHARDS_PER_REPLICA,
                    SHARDS_REPLICA,
                    SHARDS_CONCURRENCY,
                    SHARDS_WAIT,
                    CLUSTERS,
                    RESUME);

    /**
     * Reads them.
     *
     * @param api Discord's own API has limits that a simulated one may not have
     */
    static ShardSettings from(Environment env, URI api) {
        ShardRange range = ShardRange.from(env);
        return new ShardSettings(
                range.first(),
                range.last(),
                range.total(),
                env.get(SHARDS_CONCURRENCY).intValue(),
                identifyInterval(env, api),
                env.get(RESUME));
    }

    private static Duration identifyInterval(Environment env, URI api) {
        Duration wanted = Duration.ofSeconds(env.get(SHARDS_WAIT));
        boolean discord = String.valueOf(api.getHost()).endsWith("discord.com");
        return discord && wanted.compareTo(DISCORD_INTERVAL) < 0 ? DISCORD_INTERVAL : wanted;
    }

    private static EnvironmentVariable<String> autoOrNumber(String name, String meaning) {
        return new EnvironmentVariable<>(
                name,
                "auto",
                "auto, or a shard number up to " + MOST_SHARDS,
                meaning,
                false,
                text -> {
                    if (!text.equals("auto")) {
                        long value = Long.parseLong(text);
                        if (value < 0 || value > MOST_SHARDS) {
                            throw new IllegalArgumentException("out of range");
                        }
                    }
                    return text;
                });
    }
}
