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
            ScannedEvent event, BulkUpdate sweep, List<Object> replies) {
        Set<String> listed = new LinkedHashSet<>();
        for (JsonValue guild : event.data().array("guilds")) {
            sweep.unreadable()
                    .unless("guild", () -> listed.add(JsonObject.of(guild).require("id").text()));
        }
        sweepUnlisted(sweep, listed, replies.getFirst());
        if (enabled) {
            if (isStale(replies.getFirst())) {
                forgetMessages(sweep, listed);
            }
            markListed(sweep, List.copyOf(listed));
        }
        announce(sweep, listed);
        sweep.writes()
                .also(
                        RedisCommands.set(
                                RedisKeys.BOT_USER, event.data().require("user").toBytes()));
        sweep.finish(event.raw());
        return StateCache.AppliedEvent.NOTHING;
    }

    private void sweepUnlisted(BulkUpdate sweep, Set<String> listed, Object reply) {
        String own = RedisKeys.guildsOf(sweep.shard());
        int before = shardsBefore(reply);
        boolean sameCount = before == shardsTotal;
        RemovedShardsCleanup.adopt(sweep, before, shardsTotal);
        Set<String> gone = new LinkedHashSet<>();
        sweep.scan(own, gone::add);
        if (enabled && !sameCount) {
            gone.removeIf(guild -> !isOurs(guild, sweep.shard()));
            sweep.scan(
                    ObjectKind.GUILD.set(),
                    key ->
                            ObjectRef.parse("", key)
                                    .filter(ref -> ref.kind() == ObjectKind.GUILD)
                                    .map(ObjectRef::id)
                                    .filter(guild -> isOurs(guild, sweep.shard()))
                                    .ifPresent(gone::add));
        }
        gone.removeAll(listed);
        for (String guild : gone) {
            if (enabled) {
                GuildDeleteHandler.remove(sweep, guild);
            }
            sweep.writes().removeFrom(own, guild);
            sweep.writeIfFull();
        }
        sweep.writeNow();
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
    private static void forgetMessages(BulkUpdate sweep, Set<String> guilds) {
        for (String guild : guilds) {
            for (String channel : sweep.members(RedisKeys.messageChannelsOf(guild))) {
                sweep.removeMessages(guild, channel);
            }
            sweep.writeIfFull();
        }
        sweep.writeNow();
    }

    private static void markListed(BulkUpdate sweep, List<String> listed) {
        List<ObjectRef> refs = new ArrayList<>();
        listed.forEach(guild -> refs.add(ObjectRef.guild(guild)));
        Map<ObjectRef, byte[]> known = sweep.values(refs);
        for (ObjectRef ref : refs) {
            GuildMembership before =
                    new GuildMembership(ref.id(), Optional.ofNullable(known.get(ref)), true, false);
            sweep.writes().put(ref, GuildDeleteHandler.stub(ref.id(), before.fields()));
            sweep.writeIfFull();
        }
    }

    private void announce(BulkUpdate sweep, Set<String> listed) {
        int shard = sweep.shard();
        sweep.writes().also(RedisCommands.unlink(RedisKeys.pendingOf(shard)));
        sweep.writes().also(RedisCommands.unlink(RedisKeys.guildsOf(shard)));
        for (List<String> some : pieces(listed, sweep.bounds().transaction())) {
            sweep.writes().also(RedisCommands.addToSet(RedisKeys.pendingOf(shard), some));
            sweep.writes().also(RedisCommands.addToSet(RedisKeys.guildsOf(shard), some));
        }
        byte[] complete = listed.isEmpty() ? GuildMembership.time(sweep.nowMillis()) : new byte[0];
        String marker = RedisKeys.stateOf(shard);
        sweep.writes()
                .also(
                        RedisCommands.hashSet(
                                        marker, SHARDS_TOTAL, JsonObjectEditor.number(shardsTotal))
                                .add("complete_since")
                                .add(complete))
                .also(RedisCommands.on(Protocol.Command.HINCRBY, marker).add("epoch").add(1))
                .also(RedisCommands.hashDelete(marker, List.of(StaleMarker.FIELD)));
    }

    private boolean isOurs(String guild, int shard) {
        try {
            return (Long.parseUnsignedLong(guild) >>> 22) % shardsTotal == shard;
        } catch (NumberFormatException noSnowflake) {
            // no id of Discord, so no guild of this shard
            return false;
        }
    }

    /** Splits the ids. A shard has at most 2,500 guilds, so there are at most five chunks. */
    private static List<List<String>> pieces(Set<String> all, int size) {
        List<String> list = List.copyOf(all);
        List<List<String>> pieces = new ArrayList<>();
        for (int from = 0; from < list.size(); from += size) {
            pieces.add(list.subList(from, Math.min(from + size, list.size())));
        }
        return pieces;
    }
}
