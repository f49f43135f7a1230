package loom.dispatch.cache;

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
record Membership(String guild, Optional<byte[]> value, boolean known, boolean lastPending) {
    static List<CommandArguments> reads(String guild, int shard) {
        return List.of(
                Command.get(Ref.guild(guild).key()),
                Command.isInSet(Keys.guildsOf(shard), guild),
                Command.isInSet(Keys.pendingOf(shard), guild),
                Command.sizeOfSet(Keys.pendingOf(shard)));
    }

    static Membership of(String guild, List<Object> replies) {
        Optional<byte[]> value = Reply.bytes(replies.get(0));
        return new Membership(
                guild,
                value,
                value.isPresent() || isOne(replies.get(1)),
                isOne(replies.get(2)) && isOne(replies.get(3)));
    }

    /** The guild's value as an object; nothing when there is none, or none of ours. */
    Optional<Fields> fields() {
        try {
            return value.map(Fields::of);
        } catch (JsonFault foreign) {
            // somebody else's value: as good as none, and replaced by ours
            return Optional.empty();
        }
    }

    /** The bot is in the guild, and the guild has been heard of since READY. */
    void confirm(Sweep sweep) {
        sweep.writes().addTo(Keys.guildsOf(sweep.shard()), guild);
        heard(sweep);
    }

    /** The bot is not in the guild any more. */
    void end(Sweep sweep) {
        sweep.writes().removeFrom(Keys.guildsOf(sweep.shard()), guild);
        heard(sweep);
    }

    /** The guild has been heard of since READY; the last one completes the shard's state. */
    void heard(Sweep sweep) {
        sweep.writes().removeFrom(Keys.pendingOf(sweep.shard()), guild);
        if (lastPending) {
            sweep.writes()
                    .also(
                            Command.hashSet(
                                    Keys.stateOf(sweep.shard()),
                                    "complete_since",
                                    time(sweep.nowMillis())));
        }
    }

    /** The change that an event about this guild was. */
    Optional<GuildChange> change(GuildChange.Kind kind, Optional<Fields> guildObject) {
        return Optional.of(
                new GuildChange(kind, guild, guildObject.flatMap(fields -> fields.text("name"))));
    }

    static byte[] time(long millis) {
        return GatewayTime.format(Instant.ofEpochMilli(millis)).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isOne(Object reply) {
        return Long.valueOf(1).equals(reply);
    }
}
