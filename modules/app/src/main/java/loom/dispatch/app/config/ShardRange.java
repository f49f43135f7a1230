package loom.dispatch.app.config;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shards of this process: a range from SHARDS_START to SHARDS_END, or the part of one replica.
 *
 * @param last inclusive; empty for the last shard
 * @param total number of shards of all processes; empty for the number that Discord recommends
 */
record ShardRange(int first, OptionalInt last, OptionalInt total) {
    /** A number, or a name with a number at its end; at most nine digits, which fit into an int. */
    private static final Pattern REPLICA = Pattern.compile("(?:.*-)?([0-9]{1,9})");

    /** Reads the range. Reports contradictions to the environment. */
    static ShardRange from(Environment env) {
        int first = env.get(ShardSettings.SHARDS_START).intValue();
        OptionalInt last = shard(env.get(ShardSettings.SHARDS_END));
        OptionalInt total = shard(env.get(ShardSettings.SHARDS_TOTAL));
        if (total.isPresent() && total.getAsInt() < 1) {
            env.problem("SHARDS_TOTAL=" + total.getAsInt() + ": must be at least 1");
            return new ShardRange(first, last, total);
        }
        long each = env.get(ShardSettings.SHARDS_PER_REPLICA);
        if (each > 0) {
            return ofReplica(env, each, total);
        }
        var range = new ShardRange(first, last, total);
        range.check(env);
        return range;
    }

    private static OptionalInt shard(String text) {
        return text.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    private void check(Environment env) {
        if (last.isPresent() && last.getAsInt() < first) {
            env.problem("SHARDS_START=" + first + " is greater than SHARDS_END=" + last.getAsInt());
        }
        if (total.isPresent() && Math.max(first, last.orElse(first)) >= total.getAsInt()) {
            env.problem(
                    "SHARDS_TOTAL="
                            + total.getAsInt()
                            + ": must be greater than SHARDS_START and SHARDS_END, because shards"
                            + " count from 0");
        }
    }

    /**
     * Replica n holds {@code each} shards from n * each on; the last replica holds the rest. The
     * total must be set: Discord's recommendation may change between the starts of two replicas,
     * and with different totals some guilds would belong to no shard or to two.
     */
    private static ShardRange ofReplica(Environment env, long each, OptionalInt total) {
        for (EnvironmentVariable<?> variable :
                new EnvironmentVariable<?>[] {
                    ShardSettings.SHARDS_START, ShardSettings.SHARDS_END
                }) {
            if (!env.raw(variable.name()).isEmpty()) {
                env.problem(
                        variable.name()
                                + "="
                                + env.raw(variable.name())
                                + ": contradicts SHARDS_PER_REPLICA; remove one of the two");
            }
        }
        if (total.isEmpty()) {
            env.problem(
                    "SHARDS_TOTAL=auto: with SHARDS_PER_REPLICA set a number, the same for every"
                            + " replica");
        }
        long first = replica(env) * each;
        if (total.isPresent() && first >= total.getAsInt()) {
            env.problem(
                    "SHARDS_TOTAL="
                            + total.getAsInt()
                            + ": no shard is left for replica "
                            + first / each
                            + ", which would start at shard "
                            + first
                            + "; run fewer replicas, or lower SHARDS_PER_REPLICA");
        }
        // at most the total, so it fits into an int
        int last = (int) Math.min(first + each, total.orElse(Integer.MAX_VALUE)) - 1;
        return new ShardRange((int) Math.min(first, last), OptionalInt.of(last), total);
    }

    private static long replica(Environment env) {
        String named = env.get(ShardSettings.SHARDS_REPLICA);
        String source = named.isEmpty() ? "HOSTNAME" : ShardSettings.SHARDS_REPLICA.name();
        String text = env.raw(source);
        Matcher matcher = REPLICA.matcher(text);
        if (matcher.matches()) {
            return Long.parseLong(matcher.group(1));
        }
        env.problem(
                source
                        + "=\""
                        + text
                        + "\": with SHARDS_PER_REPLICA it must contain the replica's number; set"
                        + " SHARDS_REPLICA to "
                        + ShardSettings.SHARDS_REPLICA.allowed());
        return 0;
    }
}
