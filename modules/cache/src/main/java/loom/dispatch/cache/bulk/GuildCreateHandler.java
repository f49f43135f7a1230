package loom.dispatch.cache.bulk;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.rules.FieldPatchRule;
import loom.dispatch.cache.rules.GuildRules;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * GUILD_CREATE: replaces everything known about a guild with the complete guild in the event.
 *
 * <p>If the new objects and the objects to remove fit into one transaction, it makes one. Otherwise
 * {@link LargeGuildStaging} first writes the new objects, and one transaction then replaces the
 * guild's set. Redis Cluster uses the same order without transactions.
 */
final class GuildCreateHandler implements BulkHandler {
    private final boolean enabled;

    GuildCreateHandler(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public List<CommandArguments> reads(ScannedEvent event, int shard) {
        return GuildMembership.reads(event.requireText("id"), shard);
    }

    @Override
    public StateCache.AppliedEvent apply(
            ScannedEvent event, BulkUpdate update, List<Object> replies) {
        GuildMembership membership = GuildMembership.of(event.requireText("id"), replies);
        if (event.data().get("unavailable").filter(JsonValue::isTrue).isPresent()) {
            return GuildDeleteHandler.unavailable(event, update, membership, enabled);
        }
        if (enabled) {
            swap(event, update, membership);
        } else {
            membership.recordPresent(update);
        }
        update.finish(event.raw());
        Optional<byte[]> old =
                update.context().config().old() && enabled ? membership.value() : Optional.empty();
        GuildMembershipChange.Kind kind =
                membership.known()
                        ? GuildMembershipChange.Kind.AVAILABLE
                        : GuildMembershipChange.Kind.JOINED;
        return new StateCache.AppliedEvent(old, membership.change(kind, Optional.of(event.data())));
    }

    private static void swap(ScannedEvent event, BulkUpdate update, GuildMembership membership) {
        String guild = membership.guild();
        Map<ObjectRef, byte[]> children =
                GuildCreateChildren.of(event.data(), guild, update.context(), update.unreadable());
        Set<String> keys = new HashSet<>();
        children.keySet().forEach(ref -> keys.add(ref.key()));
        removeFormer(update, guild, keys);
        Set<String> present = update.members(RedisKeys.ofGuild(guild));
        Set<String> leftovers = new LinkedHashSet<>(present);
        leftovers.removeAll(keys);
        if (children.size() + leftovers.size() <= update.bounds().transaction()) {
            children.forEach((ref, value) -> update.writes().put(ref, value));
            leftovers.forEach(key -> remove(update, guild, key));
            place(event, update, membership);
        } else {
            LargeGuildStaging staging = new LargeGuildStaging(update, guild, present);
            staging.stage(children);
            place(event, update, membership);
            staging.swap(!children.isEmpty());
            leftovers.forEach(key -> {
                remove(update, guild, key);
                update.writeIfFull();
            });
            update.writes().addCommand(RedisCommands.unlink(RedisKeys.formerOfGuild(guild)));
        }
        removeMessagesOfGoneChannels(update, guild, keys);
    }

    private static void place(ScannedEvent event, BulkUpdate update, GuildMembership membership) {
        ObjectRef ref = ObjectRef.guild(membership.guild());
        update.writes().put(ref, GuildRules.value(JsonObjectEditor.of(event.data())));
        membership.recordPresent(update);
    }

    /** Removes the old set that an interrupted replacement left. */
    private static void removeFormer(BulkUpdate update, String guild, Set<String> keys) {
        String former = RedisKeys.formerOfGuild(guild);
        Set<String> formerKeys = update.members(former);
        if (formerKeys.isEmpty()) {
            return;
        }
        for (String key : formerKeys) {
            if (!keys.contains(key)) {
                remove(update, guild, key);
                update.writeIfFull();
            }
        }
        update.writes().addCommand(RedisCommands.unlink(former));
        update.writeNow();
    }

    private static void removeMessagesOfGoneChannels(
            BulkUpdate update, String guild, Set<String> keys) {
        for (String channel : update.members(RedisKeys.messageChannelsOf(guild))) {
            boolean gone =
                    FieldPatchRule.channelOrThread(guild, channel).stream()
                            .noneMatch(ref -> keys.contains(ref.key()));
            if (gone) {
                update.removeMessages(guild, channel);
            }
        }
    }

    /**
     * Removes an object by its key in the guild's set. A key of another form is only removed from
     * the set.
     */
    static void remove(BulkUpdate update, String guild, String key) {
        ObjectRef.parse(guild, key)
                .ifPresentOrElse(
                        ref -> update.writes().remove(ref),
                        () -> update.writes().removeFrom(RedisKeys.ofGuild(guild), key));
    }
}
