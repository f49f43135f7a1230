package loom.dispatch.cache;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sets one field of the channel or thread that the event names, if it is known.
 *
 * @param idField the field of {@code d} with the channel's id
 * @param field the field to set; null when the event lacks it
 */
record Patch(String idField, String field) implements Rule {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    @Override
    public Collection<Ref> reads(Event event, Scope scope) {
        String id = event.requireText(idField);
        return event.guild().isEmpty()
                ? List.of(Ref.of(Kind.DIRECT_CHANNEL, "", id))
                : channelOrThread(event.guild(), id);
    }

    @Override
    public Optional<byte[]> apply(Event event, Draft draft) {
        Slice value = event.data().get(field).orElseGet(() -> new Slice(NULL, 0, NULL.length));
        Optional<byte[]> old = Optional.empty();
        for (Ref ref : reads(event, draft.scope())) {
            Optional<Fields> known = draft.fields(ref);
            if (known.isPresent()) {
                old = draft.get(ref);
                draft.put(ref, ObjectEdit.of(known.get()).put(field, value).toBytes());
            }
        }
        return old;
    }

    /** The two objects that an id of a channel may name. */
    static List<Ref> channelOrThread(String guild, String id) {
        return List.of(Ref.of(Kind.CHANNEL, guild, id), Ref.of(Kind.THREAD, guild, id));
    }
}
