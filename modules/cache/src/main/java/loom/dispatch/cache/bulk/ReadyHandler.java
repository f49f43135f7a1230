package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * READY: starts a new session of the shard.
 *
 * <ul>
 *   <li>Marks the listed guilds as unavailable until GUILD_CREATE arrives, and keeps what is known
 *       of them.
 *   <li>Removes the shard's guilds that READY does not list: the bot left them while the shard was
 *       disconnected.
 *   <li>If events of the shard were skipped, removes the cached messages of its guilds.
 * </ul>
 *
 * <p>Redis holds a list of guilds for each shard. After the number of shards has changed, that list
 * is invalid, and the handler reads the set of all guilds once. {@link RemovedShardsCleanup}
 * removes the lists of shards that no longer exist.
 */
final class ReadyHandler implements BulkHandler {
    private static final String SHARDS_TOTAL = "shards_total";

    private final boolean enabled;
    private final int shardsTotal;

    ReadyHandler(boolean enabled, int shardsTotal) {
        this.enabled = enabled;
        this.shardsTotal = shardsTotal;
    }

    @Override
    public List<CommandArguments> reads(ScannedEvent event, int shard) {
        return List.of(
                RedisCommands.hashGet(RedisKeys.stateOf(shard), SHARDS_TOTAL, StaleMarker.FIELD));
    }

    @Override
    public StateCache.AppliedEvent apply(
            ScannedEvent event, BulkUpdate update, List<Object> replies) {
        Set<String> listed = new LinkedHashSet<>();
        for (JsonValue guild : event.data().array("guilds")) {
            update.unreadable()
                    .skipUnreadable(
                            "guild", () -> listed.add(JsonObject.of(guild).require("id").text()));
        }
        removeUnlistedGuilds(update, listed, replies.getFirst());
        if (enabled) {
            if (isStale(replies.getFirst())) {
                removeMessages(update, listed);
            }
            markUnavailable(update, List.copyOf(listed));
        }
        writeGuildLists(update, listed);
        update.writes()
                .addCommand(
                        RedisCommands.set(
                                RedisKeys.BOT_USER, event.data().require("user").toBytes()));
        update.finish(event.raw());
        return StateCache.AppliedEvent.NOTHING;
    }

    private void removeUnlistedGuilds(BulkUpdate update, Set<String> listed, Object reply) {
        String own = RedisKeys.guildsOf(update.shard());
        int before = shardsBefore(reply);
        boolean sameCount = before == shardsTotal;
        RemovedShardsCleanup.takeOver(update, before, shardsTotal);
        Set<String> gone = new LinkedHashSet<>();
        update.scan(own, gone::add);
        if (enabled && !sameCount) {
            gone.removeIf(guild -> !isOnShard(guild, update.shard()));
            update.scan(
                    ObjectKind.GUILD.set(),
                    key ->
                            ObjectRef.parse("", key)
                                    .filter(ref -> ref.kind() == ObjectKind.GUILD)
                                    .map(ObjectRef::id)
                                    .filter(guild -> isOnShard(guild, update.shard()))
                                    .ifPresent(gone::add));
        }
        gone.removeAll(listed);
        for (String guild : gone) {
            if (enabled) {
                GuildDeleteHandler.remove(update, guild);
            }
            update.writes().removeFrom(own, guild);
            update.writeIfFull();
        }
        update.writeNow();
    }

    /** Returns the number of shards in the previous session; 0 if unknown. */
    private static int shardsBefore(Object reply) {
        if (reply instanceof List<?> fields && fields.getFirst() instanceof byte[] total) {
            try {
                return Integer.parseInt(RedisReplies.text(total));
            } catch (NumberFormatException foreign) {
                // another program wrote the field: treat it as absent
                return 0;
            }
        }
        return 0;
    }

    private static boolean isStale(Object reply) {
        return reply instanceof List<?> fields && fields.getLast() != null;
    }

    /**
     * Removes the cached messages of guilds. Discord sends the guilds again but not their messages,
     * and skipped events may have changed or deleted these.
     */
    private static void removeMessages(BulkUpdate update, Set<String> guilds) {
        for (String guild : guilds) {
            for (String channel : update.members(RedisKeys.messageChannelsOf(guild))) {
                update.removeMessages(guild, channel);
            }
            update.writeIfFull();
        }
        update.writeNow();
    }

    private static void markUnavailable(BulkUpdate update, List<String> listed) {
        List<ObjectRef> refs = new ArrayList<>();
        listed.forEach(guild -> refs.add(ObjectRef.guild(guild)));
        Map<ObjectRef, byte[]> known = update.values(refs);
        for (ObjectRef ref : refs) {
            GuildMembership before =
                    new GuildMembership(ref.id(), Optional.ofNullable(known.get(ref)), true, false);
            update.writes().put(ref, GuildDeleteHandler.stub(ref.id(), before.fields()));
            update.writeIfFull();
        }
    }

    private void writeGuildLists(BulkUpdate update, Set<String> listed) {
        int shard = update.shard();
        update.writes().addCommand(RedisCommands.unlink(RedisKeys.pendingOf(shard)));
        update.writes().addCommand(RedisCommands.unlink(RedisKeys.guildsOf(shard)));
        for (List<String> some : chunks(listed, update.bounds().transaction())) {
            update.writes().addCommand(RedisCommands.addToSet(RedisKeys.pendingOf(shard), some));
            update.writes().addCommand(RedisCommands.addToSet(RedisKeys.guildsOf(shard), some));
        }
        byte[] complete = listed.isEmpty() ? GuildMembership.time(update.nowMillis()) : new byte[0];
        String marker = RedisKeys.stateOf(shard);
        update.writes()
                .addCommand(
                        RedisCommands.hashSet(
                                        marker, SHARDS_TOTAL, JsonObjectEditor.number(shardsTotal))
                                .add("complete_since")
                                .add(complete))
                .addCommand(RedisCommands.on(Protocol.Command.HINCRBY, marker).add("epoch").add(1))
                .addCommand(RedisCommands.hashDelete(marker, List.of(StaleMarker.FIELD)));
    }

    private boolean isOnShard(String guild, int shard) {
        try {
            return (Long.parseUnsignedLong(guild) >>> 22) % shardsTotal == shard;
        } catch (NumberFormatException noSnowflake) {
            // no id of Discord, so no guild of this shard
            return false;
        }
    }

    /** Splits the ids. A shard has at most 2,500 guilds, so there are at most five chunks. */
    private static List<List<String>> chunks(Set<String> all, int size) {
        List<String> list = List.copyOf(all);
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < list.size(); from += size) {
            chunks.add(list.subList(from, Math.min(from + size, list.size())));
        }
        return chunks;
    }
}
