package loom.dispatch.cache.bulk;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.json.JsonFormatException;
import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.model.IsoTimestamps;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether the bot was known to be in a guild before an event, read in the event's first round trip;
 * keeps the list of the shard's guilds, and notes when all that READY announced have come.
 *
 * @param guild the guild's id
 * @param value its value, if it has one
 * @param known whether it has one or stands in the shard's list
 * @param lastPending whether it is the only one that READY announced and that has not come
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

    /** The guild's value as an object; nothing when there is none, or none of ours. */
    Optional<JsonObject> fields() {
        try {
            return value.map(JsonObject::of);
        } catch (JsonFormatException foreign) {
            // somebody else's value: as good as none, and replaced by ours
            return Optional.empty();
        }
    }

    /** The bot is in the guild, and the guild has been heard of since READY. */
    void confirm(BulkUpdate sweep) {
        sweep.writes().addTo(RedisKeys.guildsOf(sweep.shard()), guild);
        heard(sweep);
    }

    /** The bot is not in the guild any more. */
    void end(BulkUpdate sweep) {
        sweep.writes().removeFrom(RedisKeys.guildsOf(sweep.shard()), guild);
        heard(sweep);
    }

    /** The guild has been heard of since READY; the last one completes the shard's state. */
    void heard(BulkUpdate sweep) {
        sweep.writes().removeFrom(RedisKeys.pendingOf(sweep.shard()), guild);
        if (lastPending) {
            sweep.writes()
                    .also(
                            RedisCommands.hashSet(
                                    RedisKeys.stateOf(sweep.shard()),
                                    "complete_since",
                                    time(sweep.nowMillis())));
        }
    }

    /** The change that an event about this guild was. */
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
