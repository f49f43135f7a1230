package loom.dispatch.app.config;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shards that this process holds of all: named by their first and last, or by which replica
 * this is of processes that hold as many each.
 *
 * @param last inclusive; empty for the last of all
 * @param total over all processes; empty for what Discord recommends
 */
record ShardRange(int first, OptionalInt last, OptionalInt total) {
    /** A replica's number, or a name with one at its end: at most nine digits, so that it fits. */
    private static final Pattern REPLICA = Pattern.compile("(?:.*-)?([0-9]{1,9})");

    /** Reads it; what does not fit together is a problem of the environment's. */
    static ShardRange from(Environment env) {
        int first = env.get(ShardSettings.SHARDS_START).intValue();
        OptionalInt last = shard(env.get(ShardSettings.SHARDS_END));
        OptionalInt total = shard(env.get(ShardSettings.SHARDS_TOTAL));
        if (total.isPresent() && total.getAsInt() < 1) {
            env.problem("SHARDS_TOTAL=" + total.getAsInt() + ": at least 1 shard is needed");
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
            env.problem(
                    "SHARDS_START="
                            + first
                            + " lies behind SHARDS_END="
                            + last.getAsInt()
                            + ": the range is inclusive and must not be backwards");
        }
        if (total.isPresent() && Math.max(first, last.orElse(first)) >= total.getAsInt()) {
            env.problem(
                    "SHARDS_TOTAL="
                            + total.getAsInt()
                            + ": SHARDS_START and SHARDS_END must be below it, shards count from"
                            + " 0");
        }
    }

    /**
     * Replica n holds the n-th {@code each} shards, the last one what is left. The total must be
     * named: Discord's recommendation may change between the starts of two replicas, and shards of
     * different totals get each other's guilds or none.
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
                                + ": SHARDS_PER_REPLICA says which shards these are: remove one of"
                                + " both");
            }
        }
        if (total.isEmpty()) {
            env.problem(
                    "SHARDS_TOTAL=auto: with SHARDS_PER_REPLICA a number is needed, the same for"
                            + " every replica");
        }
        long first = replica(env) * each;
        if (total.isPresent() && first >= total.getAsInt()) {
            env.problem(
                    "SHARDS_TOTAL="
                            + total.getAsInt()
                            + ": nothing is left for replica "
                            + first / each
                            + ", which begins at shard "
                            + first
                            + ": run fewer replicas, or set SHARDS_PER_REPLICA lower");
        }
        // not more than the total, and so within an int
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
                        + "\": with SHARDS_PER_REPLICA it must say which replica this is: set"
                        + " SHARDS_REPLICA to "
                        + ShardSettings.SHARDS_REPLICA.allowed());
        return 0;
    }
}
