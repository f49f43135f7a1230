package loom.dispatch.cache;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A process that holds shards, as it appears in Redis.
 *
 * @param instance unique id of this start of the process
 * @param firstShard the first shard that it holds
 * @param lastShard the last one, inclusive
 * @param shardsTotal the number of shards in its configuration
 * @param host the machine's name, without blanks, for people
 * @param scope where {@code pid} is unique, without blanks: one boot of one machine and one process
 *     id namespace; {@code -} if unknown
 * @param pid the process id in that scope
 * @param startMillis when the process started, milliseconds since 1970
 */
public record ShardLeaseHolder(
        String instance,
        int firstShard,
        int lastShard,
        int shardsTotal,
        String host,
        String scope,
        long pid,
        long startMillis) {

    /** Checks that the values fit the format in Redis. */
    public ShardLeaseHolder {
        if (firstShard < 0 || lastShard < firstShard || lastShard >= shardsTotal) {
            throw new IllegalArgumentException(
                    "shards " + firstShard + " to " + lastShard + " of " + shardsTotal);
        }
        for (String word : new String[] {instance, host, scope}) {
            if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException(
                        "must be one word without blanks: \"" + word + '"');
            }
        }
    }

    /** Returns the value for Redis without the expiry time. */
    String toText() {
        return firstShard
                + " "
                + lastShard
                + " "
                + shardsTotal
                + " "
                + host
                + " "
                + scope
                + " "
                + pid
                + " "
                + startMillis;
    }

    /** Parses a field and its value; empty if they have another format. */
    static Optional<ShardLeaseHolder> parse(String instance, byte[] value) {
        String[] words = new String(value, StandardCharsets.UTF_8).split(" ");
        try {
            return Optional.of(
                    new ShardLeaseHolder(
                            instance,
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]),
                            words[4],
                            words[5],
                            Long.parseLong(words[6]),
                            Long.parseLong(words[7])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }
}
