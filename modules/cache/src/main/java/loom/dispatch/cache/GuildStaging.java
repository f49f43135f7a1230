package loom.dispatch.cache;

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
 * <p>Of a known guild of which more has changed than {@link Bounds#swap} says, the rest is written
 * beforehand, members and presences last: readers see these new values in the index of before.
 */
final class GuildStaging {
    private final Sweep sweep;
    private final String guild;
    private final Set<String> present;
    private final Map<Ref, byte[]> changed = new LinkedHashMap<>();
    private long changedBytes;

    /**
     * Prepares one guild.
     *
     * @param present the keys that its index holds
     */
    GuildStaging(Sweep sweep, String guild, Set<String> present) {
        this.sweep = sweep;
        this.guild = guild;
        this.present = present;
    }

    /** Writes what readers do not see yet. */
    void stage(Map<Ref, byte[]> children) {
        sweep.writes().also(Command.unlink(Keys.nextOfGuild(guild)));
        List<Ref> known = new ArrayList<>();
        children.forEach((ref, value) -> {
            if (present.contains(ref.key())) {
                known.add(ref);
                sweep.writes().addTo(Keys.nextOfGuild(guild), ref.key());
            } else {
                putStaged(ref, value);
            }
            sweep.writeIfFull();
        });
        sweep.eachValue(known, (ref, before) -> compare(ref, before, children.get(ref)));
        sweep.writeNow();
    }

    private void compare(Ref ref, Optional<byte[]> before, byte[] value) {
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
    private void putStaged(Ref ref, byte[] value) {
        sweep.writes()
                .put(ref, value)
                .listInstead(Keys.ofGuild(guild), Keys.nextOfGuild(guild), ref.key());
    }

    /** Puts everything in place, together with what has been collected already. */
    void swap(boolean hasNext) {
        String own = Keys.ofGuild(guild);
        if (!present.isEmpty()) {
            sweep.writes().also(Command.renameIfFree(own, Keys.formerOfGuild(guild)));
        }
        if (hasNext) {
            sweep.writes().also(Command.rename(Keys.nextOfGuild(guild), own));
        }
        changed.forEach(sweep.writes()::put);
        sweep.writeNow();
    }
}
