package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An event that carries a guild's whole set of one kind: what is missing in it is gone.
 *
 * @param kind the kind
 * @param array the field with the objects
 */
record SetReplacement(Kind kind, String array) implements Sweeping {

    @Override
    public List<CommandArguments> reads(Event event, int shard) {
        return List.of(Command.exists(Ref.guild(event.guild()).key()));
    }

    @Override
    public Applied apply(Event event, Sweep sweep, List<Object> replies) {
        Map<Ref, byte[]> objects = new LinkedHashMap<>();
        if (Long.valueOf(1).equals(replies.getFirst())) {
            for (Slice one : event.data().array(array)) {
                sweep.unreadable().unless(kind.prefix(), () -> add(event, sweep, one, objects));
            }
        }
        List<Ref> known = sweep.refsOf(kind, event.guild());
        List<byte[]> before =
                sweep.scope().config().old()
                        ? new ArrayList<>(sweep.values(known).values())
                        : List.of();
        known.stream().filter(ref -> !objects.containsKey(ref)).forEach(sweep.writes()::remove);
        objects.forEach((ref, value) -> sweep.writes().put(ref, value));
        sweep.finish(event.raw());
        return new Applied(Rule.arrayOf(before), Optional.empty());
    }

    private void add(Event event, Sweep sweep, Slice one, Map<Ref, byte[]> objects) {
        Fields object = Fields.of(one);
        Ref ref = Ref.of(kind, event.guild(), kind.id(object));
        if (sweep.scope().keeps(ref)) {
            objects.put(ref, kind.value(object, event.guild()));
        }
    }
}
