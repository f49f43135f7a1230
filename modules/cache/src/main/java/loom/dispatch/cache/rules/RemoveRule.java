package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Removes the object whose id the event names.
 *
 * @param kind the kind of the object
 * @param field the field of {@code d} with the id
 */
record RemoveRule(ObjectKind kind, String field) implements EventRule {

    @Override
    public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
        return context.config().old() ? List.of(ref(event)) : NONE;
    }

    @Override
    public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
        ObjectRef ref = ref(event);
        Optional<byte[]> old = overlay.get(ref);
        overlay.remove(ref);
        return old;
    }

    private ObjectRef ref(ScannedEvent event) {
        String id = event.requireText(field);
        return kind == ObjectKind.MESSAGE
                ? ObjectRef.message(event.guild(), event.requireText("channel_id"), id)
                : ObjectRef.of(kind, event.guild(), id);
    }
}
