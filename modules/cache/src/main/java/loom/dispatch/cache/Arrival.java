package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * READY: a new session. Marks the guilds that it lists as not there yet, keeping what is known of
 * them, and sweeps the shard's guilds that it does not list: the bot left them while we were away.
 * Of a shard whose events passed the state by, it sweeps the messages too.
 *
 * <p>Which guilds were the shard's is written down per shard. After a change of the number of
 * shards that list is void, and the set of all guilds is walked once instead; of shards that there
 * are no more, {@link FormerShards} takes over what they left.
 */
final class Arrival implements Sweeping {
    private static final String SHARDS_TOTAL = "shards_total";

    private final boolean enabled;
    private final int shardsTotal;

    Arrival(boolean enabled, int shardsTotal) {
        this.enabled = enabled;
        this.shardsTotal = shardsTotal;
    }

    @Override
    public List<CommandArguments> reads(Event event, int shard) {
        return List.of(Command.hashGet(Keys.stateOf(shard), SHARDS_TOTAL, StaleMark.FIELD));
    }

    @Override
    public Applied apply(Event event, Sweep sweep, List<Object> replies) {
        Set<String> listed = new LinkedHashSet<>();
        for (Slice guild : event.data().array("guilds")) {
            sweep.unreadable()
                    .unless("guild", () -> listed.add(Fields.of(guild).require("id").text()));
        }
        sweepUnlisted(sweep, listed, replies.getFirst());
        if (enabled) {
            if (isStale(replies.getFirst())) {
                forgetMessages(sweep, listed);
            }
            markListed(sweep, List.copyOf(listed));
        }
        announce(sweep, listed);
        sweep.writes().also(Command.set(Keys.BOT_USER, event.data().require("user").toBytes()));
        sweep.finish(event.raw());
        return Applied.NOTHING;
    }

    private void sweepUnlisted(Sweep sweep, Set<String> listed, Object reply) {
        String own = Keys.guildsOf(sweep.shard());
        int before = shardsBefore(reply);
        boolean sameCount = before == shardsTotal;
        FormerShards.adopt(sweep, before, shardsTotal);
        Set<String> gone = new LinkedHashSet<>();
        sweep.scan(own, gone::add);
        if (enabled && !sameCount) {
            gone.removeIf(guild -> !isOurs(guild, sweep.shard()));
            sweep.scan(
                    Kind.GUILD.set(),
                    key ->
                            Ref.parse("", key)
                                    .filter(ref -> ref.kind() == Kind.GUILD)
                                    .map(Ref::id)
                                    .filter(guild -> isOurs(guild, sweep.shard()))
                                    .ifPresent(gone::add));
        }
        gone.removeAll(listed);
        for (String guild : gone) {
            if (enabled) {
                GuildDeparture.remove(sweep, guild);
            }
            sweep.writes().removeFrom(own, guild);
            sweep.writeIfFull();
        }
        sweep.writeNow();
    }

    /** The number of shards at the session before this one; 0 when nobody knows. */
    private static int shardsBefore(Object reply) {
        if (reply instanceof List<?> fields && fields.getFirst() instanceof byte[] total) {
            try {
                return Integer.parseInt(Reply.text(total));
            } catch (NumberFormatException foreign) {
                // not ours: as good as none
                return 0;
            }
        }
        return 0;
    }

    private static boolean isStale(Object reply) {
        return reply instanceof List<?> fields && fields.getLast() != null;
    }

    /**
     * The guilds come anew, their messages do not: which of them were changed or deleted by what
     * passed the state by, nobody can tell.
     */
    private static void forgetMessages(Sweep sweep, Set<String> guilds) {
        for (String guild : guilds) {
            for (String channel : sweep.members(Keys.messageChannelsOf(guild))) {
                sweep.removeMessages(guild, channel);
            }
            sweep.writeIfFull();
        }
        sweep.writeNow();
    }

    private static void markListed(Sweep sweep, List<String> listed) {
        List<Ref> refs = new ArrayList<>();
        listed.forEach(guild -> refs.add(Ref.guild(guild)));
        Map<Ref, byte[]> known = sweep.values(refs);
        for (Ref ref : refs) {
            Membership before =
                    new Membership(ref.id(), Optional.ofNullable(known.get(ref)), true, false);
            sweep.writes().put(ref, GuildDeparture.stub(ref.id(), before.fields()));
            sweep.writeIfFull();
        }
    }

    private void announce(Sweep sweep, Set<String> listed) {
        int shard = sweep.shard();
        sweep.writes().also(Command.unlink(Keys.pendingOf(shard)));
        sweep.writes().also(Command.unlink(Keys.guildsOf(shard)));
        for (List<String> some : pieces(listed, sweep.bounds().transaction())) {
            sweep.writes().also(Command.addToSet(Keys.pendingOf(shard), some));
            sweep.writes().also(Command.addToSet(Keys.guildsOf(shard), some));
        }
        byte[] complete = listed.isEmpty() ? Membership.time(sweep.nowMillis()) : new byte[0];
        String marker = Keys.stateOf(shard);
        sweep.writes()
                .also(
                        Command.hashSet(marker, SHARDS_TOTAL, ObjectEdit.number(shardsTotal))
                                .add("complete_since")
                                .add(complete))
                .also(Command.on(Protocol.Command.HINCRBY, marker).add("epoch").add(1))
                .also(Command.hashDelete(marker, List.of(StaleMark.FIELD)));
    }

    private boolean isOurs(String guild, int shard) {
        try {
            return (Long.parseUnsignedLong(guild) >>> 22) % shardsTotal == shard;
        } catch (NumberFormatException noSnowflake) {
            // no guild of Discord's, so none of this shard's
            return false;
        }
    }

    /** A shard has at most 2,500 guilds: five commands at most. */
    private static List<List<String>> pieces(Set<String> all, int size) {
        List<String> list = List.copyOf(all);
        List<List<String>> pieces = new ArrayList<>();
        for (int from = 0; from < list.size(); from += size) {
            pieces.add(list.subList(from, Math.min(from + size, list.size())));
        }
        return pieces;
    }
}
