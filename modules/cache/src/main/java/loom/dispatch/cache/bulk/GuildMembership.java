package loom.dispatch.cache.bulk;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.model.IsoTimestamps;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether the bot was in a guild before an event, and updates the shard's lists of guilds. It
 * is read in the event's first round trip.
 *
 * @param guild the guild's id
 * @param value the guild's stored value, if any
 * @param known whether a value exists or the shard's list contains the guild
 * @param lastPending whether this is the only guild of READY that has not arrived
 */
record GuildMembership(String guild, Optional<byte[]> value, boolean known, boolean lastPending) {
    static List<CommandArguments> reads(String guild, int shard) {
        return List.of(
                RedisCommands.get(ObjectRef.guild(guild).key()),
                RedisCommands.isInSet(RedisKeys.guildsOf(shard), guild),
                RedisCommands.isInSet(RedisKeys.pendingOf(shard), guild),
                RedisCommands.sizeOfSet(RedisKeys.pendingOf(shard)));
    }

    static GuildMembership of(String guild, List<Object> replies) {
        Optional<byte[]> value = RedisReplies.bytes(replies.get(0));
        return new GuildMembership(
                guild,
                value,
                value.isPresent() || isOne(replies.get(1)),
                isOne(replies.get(2)) && isOne(replies.get(3)));
    }

    /** Returns the stored guild as an object; empty if there is none or if it is no JSON object. */
    Optional<JsonObject> fields() {
        try {
            return value.map(JsonObject::of);
        } catch (JsonSyntaxException foreign) {
            // another program wrote this value: treat it as absent and replace it
            return Optional.empty();
        }
    }

    /** Records that the bot is in the guild and that the guild has arrived since READY. */
    void recordPresent(BulkUpdate update) {
        update.writes().addTo(RedisKeys.guildsOf(update.shard()), guild);
        arrived(update);
    }

    /** Records that the bot is no longer in the guild. */
    void recordLeft(BulkUpdate update) {
        update.writes().removeFrom(RedisKeys.guildsOf(update.shard()), guild);
        arrived(update);
    }

    /**
     * Records that the guild has arrived since READY. The last such guild completes the shard's
     * state.
     */
    void arrived(BulkUpdate update) {
        update.writes().removeFrom(RedisKeys.pendingOf(update.shard()), guild);
        if (lastPending) {
            update.writes()
                    .addCommand(
                            RedisCommands.hashSet(
                                    RedisKeys.stateOf(update.shard()),
                                    "complete_since",
                                    time(update.nowMillis())));
        }
    }

    /** Returns the change of the membership to report. */
    Optional<GuildMembershipChange> change(
            GuildMembershipChange.Kind kind, Optional<JsonObject> guildObject) {
        return Optional.of(
                new GuildMembershipChange(
                        kind, guild, guildObject.flatMap(fields -> fields.text("name"))));
    }

    static byte[] time(long millis) {
        return IsoTimestamps.format(Instant.ofEpochMilli(millis)).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isOne(Object reply) {
        return Long.valueOf(1).equals(reply);
    }
}
