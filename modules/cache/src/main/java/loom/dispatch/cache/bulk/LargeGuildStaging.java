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
    private final BulkUpdate update;
    private final String guild;
    private final Set<String> present;
    private final Map<ObjectRef, byte[]> changed = new LinkedHashMap<>();
    private long changedBytes;

    /**
     * Prepares one guild.
     *
     * @param present the keys in its set
     */
    LargeGuildStaging(BulkUpdate update, String guild, Set<String> present) {
        this.update = update;
        this.guild = guild;
        this.present = present;
    }

    /** Writes the objects that the guild's set does not list yet. */
    void stage(Map<ObjectRef, byte[]> children) {
        update.writes().addCommand(RedisCommands.unlink(RedisKeys.nextOfGuild(guild)));
        List<ObjectRef> known = new ArrayList<>();
        children.forEach((ref, value) -> {
            if (present.contains(ref.key())) {
                known.add(ref);
                update.writes().addTo(RedisKeys.nextOfGuild(guild), ref.key());
            } else {
                putStaged(ref, value);
            }
            update.writeIfFull();
        });
        update.eachValue(known, (ref, before) -> compare(ref, before, children.get(ref)));
        update.writeNow();
    }

    private void compare(ObjectRef ref, Optional<byte[]> before, byte[] value) {
        if (before.filter(bytes -> Arrays.equals(bytes, value)).isPresent()) {
            if (update.context().lifeMillis(ref) > 0) {
                putStaged(ref, value);
            }
        } else if (before.isPresent() && fitsSwap(value)) {
            changed.put(ref, value);
            changedBytes += value.length;
        } else {
            putStaged(ref, value);
        }
        update.writeIfFull();
    }

    private boolean fitsSwap(byte[] value) {
        return changed.size() < update.bounds().swap()
                && changedBytes + value.length <= update.bounds().swapBytes();
    }

    /**
     * Adds an object to all of its sets, but to the new set of the guild instead of the present
     * one.
     */
    private void putStaged(ObjectRef ref, byte[] value) {
        update.writes()
                .put(ref, value)
                .moveListing(RedisKeys.ofGuild(guild), RedisKeys.nextOfGuild(guild), ref.key());
    }

    /**
     * Replaces the guild's set and the changed values, together with the changes collected before.
     */
    void swap(boolean hasNext) {
        String own = RedisKeys.ofGuild(guild);
        if (!present.isEmpty()) {
            update.writes()
                    .addCommand(RedisCommands.renameIfFree(own, RedisKeys.formerOfGuild(guild)));
        }
        if (hasNext) {
            update.writes().addCommand(RedisCommands.rename(RedisKeys.nextOfGuild(guild), own));
        }
        changed.forEach(update.writes()::put);
        update.writeNow();
    }
}
