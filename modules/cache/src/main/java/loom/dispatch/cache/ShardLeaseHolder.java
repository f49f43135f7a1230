package loom.dispatch.cache;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A process that holds shards, as others see it in Redis.
 *
 * @param instance unique, new with each start
 * @param firstShard the first shard that it holds
 * @param lastShard the last one, inclusive
 * @param shardsTotal the bot's number of shards as this process believes
 * @param host the machine's name, without blanks; for people
 * @param scope where {@code pid} means something, without blanks: one boot of one machine and one
 *     space of process ids; {@code -} if unknown
 * @param pid the process's id there
 * @param startMillis when that process started, milliseconds since 1970
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

    /** Checks what the form in Redis needs. */
    public ShardLeaseHolder {
        if (firstShard < 0 || lastShard < firstShard || lastShard >= shardsTotal) {
            throw new IllegalArgumentException(
                    "shards " + firstShard + " to " + lastShard + " of " + shardsTotal);
        }
        for (String word : new String[] {instance, host, scope}) {
            if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("not one word: \"" + word + '"');
            }
        }
    }

    /** The part of the value in Redis that follows the time of expiry. */
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

    /** Reads a field and its value; empty if that is not ours. */
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
