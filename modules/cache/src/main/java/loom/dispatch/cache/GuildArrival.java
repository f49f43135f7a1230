package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GUILD_CREATE: a complete picture of a guild takes the place of what was known.
 *
 * <p>A guild whose picture and leftovers fit one transaction is swapped in one; a larger one is
 * prepared by {@link GuildStaging} and then swapped in one. In a cluster the order is the same,
 * without transactions.
 */
final class GuildArrival implements Sweeping {
    private final boolean enabled;

    GuildArrival(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public List<CommandArguments> reads(Event event, int shard) {
        return Membership.reads(event.requireText("id"), shard);
    }

    @Override
    public Applied apply(Event event, Sweep sweep, List<Object> replies) {
        Membership membership = Membership.of(event.requireText("id"), replies);
        if (event.data().get("unavailable").filter(Slice::isTrue).isPresent()) {
            return GuildDeparture.unavailable(event, sweep, membership, enabled);
        }
        if (enabled) {
            swap(event, sweep, membership);
        } else {
            membership.confirm(sweep);
        }
        sweep.finish(event.raw());
        Optional<byte[]> old =
                sweep.scope().config().old() && enabled ? membership.value() : Optional.empty();
        GuildChange.Kind kind =
                membership.known() ? GuildChange.Kind.AVAILABLE : GuildChange.Kind.JOINED;
        return new Applied(old, membership.change(kind, Optional.of(event.data())));
    }

    private static void swap(Event event, Sweep sweep, Membership membership) {
        String guild = membership.guild();
        Map<Ref, byte[]> children =
                GuildChildren.of(event.data(), guild, sweep.scope(), sweep.unreadable());
        Set<String> keys = new HashSet<>();
        children.keySet().forEach(ref -> keys.add(ref.key()));
        removeFormer(sweep, guild, keys);
        Set<String> present = sweep.members(Keys.ofGuild(guild));
        Set<String> leftovers = new LinkedHashSet<>(present);
        leftovers.removeAll(keys);
        if (children.size() + leftovers.size() <= sweep.bounds().transaction()) {
            children.forEach((ref, value) -> sweep.writes().put(ref, value));
            leftovers.forEach(key -> remove(sweep, guild, key));
            place(event, sweep, membership);
        } else {
            GuildStaging staging = new GuildStaging(sweep, guild, present);
            staging.stage(children);
            place(event, sweep, membership);
            staging.swap(!children.isEmpty());
            leftovers.forEach(key -> {
                remove(sweep, guild, key);
                sweep.writeIfFull();
            });
            sweep.writes().also(Command.unlink(Keys.formerOfGuild(guild)));
        }
        removeMessagesOfGoneChannels(sweep, guild, keys);
    }

    private static void place(Event event, Sweep sweep, Membership membership) {
        Ref ref = Ref.guild(membership.guild());
        sweep.writes().put(ref, GuildRules.value(ObjectEdit.of(event.data())));
        membership.confirm(sweep);
    }

    /** What an exchange left that a crash cut short. */
    private static void removeFormer(Sweep sweep, String guild, Set<String> keys) {
        String former = Keys.formerOfGuild(guild);
        Set<String> forgotten = sweep.members(former);
        if (forgotten.isEmpty()) {
            return;
        }
        for (String key : forgotten) {
            if (!keys.contains(key)) {
                remove(sweep, guild, key);
                sweep.writeIfFull();
            }
        }
        sweep.writes().also(Command.unlink(former));
        sweep.writeNow();
    }

    private static void removeMessagesOfGoneChannels(Sweep sweep, String guild, Set<String> keys) {
        for (String channel : sweep.members(Keys.messageChannelsOf(guild))) {
            boolean gone =
                    Patch.channelOrThread(guild, channel).stream()
                            .noneMatch(ref -> keys.contains(ref.key()));
            if (gone) {
                sweep.removeMessages(guild, channel);
            }
        }
    }

    /**
     * Removes an object by its key in the guild's set; what is none of ours only leaves the set.
     */
    static void remove(Sweep sweep, String guild, String key) {
        Ref.parse(guild, key)
                .ifPresentOrElse(
                        ref -> sweep.writes().remove(ref),
                        () -> sweep.writes().removeFrom(Keys.ofGuild(guild), key));
    }
}
