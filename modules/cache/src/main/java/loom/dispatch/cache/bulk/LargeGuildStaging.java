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
 * Prepares a guild too large for one transaction, so that readers of its index see the picture
 * before or the one after, and none in between. New objects are written first, listed in a set
 * beside the guild's own; what is the same as before is only listed there. One transaction then
 * puts the changed values and that set in place.
 *
 * <p>Of a known guild of which more has changed than {@link ChunkSizes#swap} says, the rest is
 * written beforehand, members and presences last: readers see these new values in the index of
 * before.
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
     * @param present the keys that its index holds
     */
    LargeGuildStaging(BulkUpdate sweep, String guild, Set<String> present) {
        this.sweep = sweep;
        this.guild = guild;
        this.present = present;
    }

    /** Writes what readers do not see yet. */
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

    /** Lists an object everywhere but in the guild's own set. */
    private void putStaged(ObjectRef ref, byte[] value) {
        sweep.writes()
                .put(ref, value)
                .listInstead(RedisKeys.ofGuild(guild), RedisKeys.nextOfGuild(guild), ref.key());
    }

    /** Puts everything in place, together with what has been collected already. */
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
