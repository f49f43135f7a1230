package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonValue;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sets one field of the channel or thread that the event names, if the cache holds it.
 *
 * @param idField the field of {@code d} with the channel's id
 * @param field the field to set; it becomes null if the event lacks it
 */
public record FieldPatchRule(String idField, String field) implements EventRule {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    @Override
    public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
        String id = event.requireText(idField);
        return event.guild().isEmpty()
                ? List.of(ObjectRef.of(ObjectKind.DIRECT_CHANNEL, "", id))
                : channelOrThread(event.guild(), id);
    }

    @Override
    public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
        JsonValue value =
                event.data().get(field).orElseGet(() -> new JsonValue(NULL, 0, NULL.length));
        Optional<byte[]> old = Optional.empty();
        for (ObjectRef ref : reads(event, overlay.context())) {
            Optional<JsonObject> known = overlay.fields(ref);
            if (known.isPresent()) {
                old = overlay.get(ref);
                overlay.put(ref, JsonObjectEditor.of(known.get()).put(field, value).toBytes());
            }
        }
        return old;
    }

    /** Returns the two objects that a channel id may name. */
    public static List<ObjectRef> channelOrThread(String guild, String id) {
        return List.of(
                ObjectRef.of(ObjectKind.CHANNEL, guild, id),
                ObjectRef.of(ObjectKind.THREAD, guild, id));
    }
}
