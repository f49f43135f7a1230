package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.runtime.JsonObject;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores the object that the event contains.
 *
 * @param kind the kind of the object
 * @param field the field of {@code d} with the object; empty if {@code d} is the object
 * @param merged whether fields that the event lacks keep their values
 * @param creates whether an unknown object is created
 * @param kept fields that only the cache knows, and that stay when the object is replaced
 * @param changes whether the event changes a known object, so that there is an {@code old}
 */
record UpsertRule(
        ObjectKind kind,
        Optional<String> field,
        boolean merged,
        boolean creates,
        List<String> kept,
        boolean changes)
        implements EventRule {

    /** Creates a rule for new objects. */
    static UpsertRule create(ObjectKind kind) {
        return new UpsertRule(kind, Optional.empty(), false, true, List.of(), false);
    }

    /** Creates a rule that replaces an object. */
    static UpsertRule replace(ObjectKind kind) {
        return new UpsertRule(kind, Optional.empty(), false, true, List.of(), true);
    }

    /** Creates a rule that changes some fields of a known object. */
    static UpsertRule mergeKnown(ObjectKind kind) {
        return new UpsertRule(kind, Optional.empty(), true, false, List.of(), true);
    }

    UpsertRule in(String name) {
        return new UpsertRule(kind, Optional.of(name), merged, creates, kept, changes);
    }

    UpsertRule keeping(String... names) {
        return new UpsertRule(kind, field, merged, creates, List.of(names), changes);
    }

    @Override
    public Collection<ObjectRef> reads(ScannedEvent event, RuleContext context) {
        ObjectRef ref = ref(event);
        boolean wanted = merged || !kept.isEmpty() || changes && context.config().old();
        return wanted && context.keeps(ref) ? List.of(ref) : NONE;
    }

    @Override
    public Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay) {
        ObjectRef ref = ref(event);
        JsonObject object = event.object(field);
        Optional<JsonObject> known = overlay.fields(ref);
        if (known.isEmpty() && !creates && !isWhole(object)) {
            return Optional.empty();
        }
        Optional<byte[]> old = changes ? overlay.get(ref) : Optional.empty();
        JsonObjectEditor edit =
                merged && known.isPresent()
                        ? JsonObjectEditor.of(known.get()).merge(object)
                        : JsonObjectEditor.of(object);
        known.ifPresent(before -> kept.forEach(name -> edit.putIfAbsent(name, before.get(name))));
        overlay.put(ref, kind.completed(edit, ref.guild()).toBytes());
        return old;
    }

    /** Whether the object is a complete member: only such an update creates an unknown member. */
    private boolean isWhole(JsonObject object) {
        return kind == ObjectKind.MEMBER && object.text("joined_at").isPresent();
    }

    private ObjectRef ref(ScannedEvent event) {
        return event.subject(
                kind,
                () -> {
                    String id = kind.id(event.object(field));
                    return kind == ObjectKind.MESSAGE
                            ? ObjectRef.message(event.guild(), event.requireText("channel_id"), id)
                            : ObjectRef.of(kind, event.guild(), id);
                });
    }
}
