package loom.dispatch.cache.bulk;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.rules.GuildRules;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * GUILD_DELETE: marks the guild as unavailable during an outage. If the bot left the guild, removes
 * all of its data.
 */
final class GuildDeleteHandler implements BulkHandler {
    private final boolean enabled;

    GuildDeleteHandler(boolean enabled) {
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
            return unavailable(event, update, membership, enabled);
        }
        membership.recordLeft(update);
        if (enabled) {
            remove(update, membership.guild());
        }
        update.finish(event.raw());
        return new StateCache.AppliedEvent(
                old(update, membership),
                membership.change(GuildMembershipChange.Kind.LEFT, membership.fields()));
    }

    /** Marks a guild as unavailable. An unknown guild gets the same value as after READY. */
    static StateCache.AppliedEvent unavailable(
            ScannedEvent event, BulkUpdate update, GuildMembership membership, boolean enabled) {
        Optional<JsonObject> known = membership.fields();
        membership.recordPresent(update);
        if (enabled) {
            update.writes()
                    .put(ObjectRef.guild(membership.guild()), stub(membership.guild(), known));
        }
        update.finish(event.raw());
        return new StateCache.AppliedEvent(
                old(update, membership),
                membership.change(GuildMembershipChange.Kind.UNAVAILABLE, known));
    }

    /**
     * Returns the value of an unavailable guild: the known fields, with {@code unavailable} set to
     * true.
     */
    static byte[] stub(String guild, Optional<JsonObject> known) {
        return known.map(GuildRules::unavailable)
                .orElseGet(() ->
                        "{\"id\":%s,\"unavailable\":true}"
                                .formatted(JsonStrings.quote(guild))
                                .getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Removes a guild with all of its objects and sets. The guild itself goes first, the rest in
     * chunks.
     */
    static void remove(BulkUpdate update, String guild) {
        Set<String> keys = update.members(RedisKeys.ofGuild(guild));
        keys.addAll(update.members(RedisKeys.formerOfGuild(guild)));
        update.writes().remove(ObjectRef.guild(guild));
        for (String channel : update.members(RedisKeys.messageChannelsOf(guild))) {
            update.removeMessages(guild, channel);
        }
        for (String key : keys) {
            GuildCreateHandler.remove(update, guild, key);
            update.writeIfFull();
        }
        update.writes()
                .addCommand(RedisCommands.unlink(RedisKeys.formerOfGuild(guild)))
                .addCommand(RedisCommands.unlink(RedisKeys.nextOfGuild(guild)));
    }

    private static Optional<byte[]> old(BulkUpdate update, GuildMembership membership) {
        return update.context().config().old() ? membership.value() : Optional.empty();
    }
}
