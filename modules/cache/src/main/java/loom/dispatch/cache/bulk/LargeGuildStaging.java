package loom.dispatch.cache.bulk;

import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a guild that is too large for one transaction, so that readers of its set see either the
 * old objects or the new ones.
 *
 * <ol>
 *   <li>It writes the new objects, and lists them in a second set. Unchanged objects are only
 *       listed there.
 *   <li>One transaction writes the changed values and replaces the guild's set with the second set.
 * </ol>
 *
 * <p>If more values have changed than {@link ChunkSizes#swap} allows, the rest is written in the
 * first step, members and presences last. Readers then see these new values through the old set.
 */
final class LargeGuildStaging {
    private final BulkUpdate sweep;
    private final String guild;
    private final Set<String> present;
    private final Map<ObjectRef, byte[]> changed = new LinkedHashMap<>();
    private long changedBytes;

    /**
     * Prepares one guild.
     *
     * @param present the keys in its set
     */
    LargeGuildStaging(BulkUpdate sweep, String guild, Set<String> present) {
        this.sweep = sweep;
        this.guild = guild;
        this.present = present;
    }

    /** Writes the objects that the guild's set does not list yet. */
    void stage(Map<ObjectRef, byte[]> children) {
        sweep.writes().also(RedisCommands.unlink(RedisKeys.nextOfGuild(guild)));
        List<ObjectRef> known = new ArrayList<>();
        children.forEach((ref, value) -> {
            if (present.contains(ref.key())) {
                known.add(ref);
                sweep.writes().addTo(RedisKeys.nextOfGuild(guild), ref.key());
            } else {
                putStaged(ref, value);
            }
            sweep.writeIfFull();
        });
        sweep.eachValue(known, (ref, before) -> compare(ref, before, children.get(ref)));
        sweep.writeNow();
    }

    private void compare(ObjectRef ref, Optional<byte[]> before, byte[] value) {
        if (before.filter(bytes -> Arrays.equals(bytes, value)).isPresent()) {
            if (sweep.scope().lifeMillis(ref) > 0) {
                putStaged(ref, value);
            }
        } else if (before.isPresent() && fitsSwap(value)) {
            changed.put(ref, value);
            changedBytes += value.length;
        } else {
            putStaged(ref, value);
        }
        sweep.writeIfFull();
    }

    private boolean fitsSwap(byte[] value) {
        return changed.size() < sweep.bounds().swap()
                && changedBytes + value.length <= sweep.bounds().swapBytes();
    }

    /**
     * Adds an object to all of its sets, but to the new set of the guild instead of the present
     * one.
     */
    private void putStaged(ObjectRef ref, byte[] value) {
        sweep.writes()
                .put(ref, value)
                .listInstead(RedisKeys.ofGuild(guild), RedisKeys.nextOfGuild(guild), ref.key());
    }

    /**
     * Replaces the guild's set and the changed values, together with the changes collected before.
     */
    void swap(boolean hasNext) {
        String own = RedisKeys.ofGuild(guild);
        if (!present.isEmpty()) {
            sweep.writes().also(RedisCommands.renameIfFree(own, RedisKeys.formerOfGuild(guild)));
        }
        if (hasNext) {
            sweep.writes().also(RedisCommands.rename(RedisKeys.nextOfGuild(guild), own));
        }
        changed.forEach(sweep.writes()::put);
        sweep.writeNow();
    }
}
