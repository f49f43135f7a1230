package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * GUILD_ROLE_DELETE: the role, and its id wherever members and emojis of the guild list it; Discord
 * promises no events about them. Walks the guild in pieces: some seconds for a guild of 100,000
 * cached members, in which only this shard's events wait.
 */
record RoleGone() implements Sweeping {
    /** Values looked at between two writes: at 1 KB each, half a megabyte. */
    private static final int PIECE = 500;

    private static final String ROLES = "roles";

    @Override
    public List<CommandArguments> reads(Event event, int shard) {
        return List.of(Command.get(role(event).key()));
    }

    @Override
    public Applied apply(Event event, Sweep sweep, List<Object> replies) {
        Ref role = role(event);
        List<Ref> holders = new ArrayList<>();
        sweep.scan(
                Keys.ofGuild(role.guild()),
                key ->
                        Ref.parse(role.guild(), key)
                                .filter(RoleGone::mayHold)
                                .ifPresent(holders::add));
        for (int from = 0; from < holders.size(); from += PIECE) {
            List<Ref> some = holders.subList(from, Math.min(from + PIECE, holders.size()));
            sweep.values(some)
                    .forEach((ref, value) ->
                            without(role.id(), value)
                                    .ifPresent(edited -> sweep.writes().put(ref, edited)));
            sweep.writeIfFull();
        }
        sweep.writes().remove(role);
        sweep.finish(event.raw());
        Optional<byte[]> old =
                sweep.scope().config().old() ? Reply.bytes(replies.getFirst()) : Optional.empty();
        return new Applied(old, Optional.empty());
    }

    private static boolean mayHold(Ref ref) {
        return ref.kind() == Kind.MEMBER || ref.kind() == Kind.EMOJI;
    }

    /** The object without the role; empty when it does not list it, or is none of ours. */
    private static Optional<byte[]> without(String role, byte[] value) {
        try {
            Fields object = Fields.of(value);
            List<Slice> roles = object.array(ROLES);
            List<byte[]> kept =
                    roles.stream()
                            .filter(one -> !one.text().equals(role))
                            .map(Slice::toBytes)
                            .toList();
            return kept.size() == roles.size()
                    ? Optional.empty()
                    : Optional.of(
                            ObjectEdit.of(object).put(ROLES, ObjectEdit.array(kept)).toBytes());
        } catch (JsonFault foreign) {
            // somebody else's value: it lists no role of ours
            return Optional.empty();
        }
    }

    private static Ref role(Event event) {
        return Ref.of(Kind.ROLE, event.guild(), event.requireText("role_id"));
    }
}
