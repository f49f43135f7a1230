package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GUILD_DELETE: an outage leaves the guild's data and marks it; a leave takes everything. */
final class GuildDeparture implements Sweeping {
    private final boolean enabled;

    GuildDeparture(boolean enabled) {
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
            return unavailable(event, sweep, membership, enabled);
        }
        membership.end(sweep);
        if (enabled) {
            remove(sweep, membership.guild());
        }
        sweep.finish(event.raw());
        return new Applied(
                old(sweep, membership),
                membership.change(GuildChange.Kind.LEFT, membership.fields()));
    }

    /** Marks a guild as unavailable; one that was never seen becomes a stub, as after READY. */
    static Applied unavailable(Event event, Sweep sweep, Membership membership, boolean enabled) {
        Optional<Fields> known = membership.fields();
        membership.confirm(sweep);
        if (enabled) {
            sweep.writes().put(Ref.guild(membership.guild()), stub(membership.guild(), known));
        }
        sweep.finish(event.raw());
        return new Applied(
                old(sweep, membership), membership.change(GuildChange.Kind.UNAVAILABLE, known));
    }

    /**
     * The value of a guild that is not there now: what was known of it, and that it is not there.
     */
    static byte[] stub(String guild, Optional<Fields> known) {
        return known.map(GuildRules::unavailable)
                .orElseGet(() ->
                        "{\"id\":%s,\"unavailable\":true}"
                                .formatted(JsonText.quoted(guild))
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** Removes a guild with all its objects and sets; the guild itself first, then in pieces. */
    static void remove(Sweep sweep, String guild) {
        Set<String> keys = sweep.members(Keys.ofGuild(guild));
        keys.addAll(sweep.members(Keys.formerOfGuild(guild)));
        sweep.writes().remove(Ref.guild(guild));
        for (String channel : sweep.members(Keys.messageChannelsOf(guild))) {
            sweep.removeMessages(guild, channel);
        }
        for (String key : keys) {
            GuildArrival.remove(sweep, guild, key);
            sweep.writeIfFull();
        }
        sweep.writes()
                .also(Command.unlink(Keys.formerOfGuild(guild)))
                .also(Command.unlink(Keys.nextOfGuild(guild)));
    }

    private static Optional<byte[]> old(Sweep sweep, Membership membership) {
        return sweep.scope().config().old() ? membership.value() : Optional.empty();
    }
}
