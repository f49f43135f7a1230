package loom.dispatch.cache;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Removes the object whose id the event names.
 *
 * @param kind what it is
 * @param field the field of {@code d} that holds the id
 */
record Remove(Kind kind, String field) implements Rule {

    @Override
    public Collection<Ref> reads(Event event, Scope scope) {
        return scope.config().old() ? List.of(ref(event)) : NONE;
    }

    @Override
    public Optional<byte[]> apply(Event event, Draft draft) {
        Ref ref = ref(event);
        Optional<byte[]> old = draft.get(ref);
        draft.remove(ref);
        return old;
    }

    private Ref ref(Event event) {
        String id = event.requireText(field);
        return kind == Kind.MESSAGE
                ? Ref.message(event.guild(), event.requireText("channel_id"), id)
                : Ref.of(kind, event.guild(), id);
    }
}
