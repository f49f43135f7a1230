package loom.dispatch.cache.rules;

import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.json.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sets the object that the event carries.
 *
 * @param kind what it is
 * @param field the field of {@code d} that holds it; empty when {@code d} is it
 * @param merged whether absent fields keep their value, or the object is complete
 * @param creates whether an unknown object is created
 * @param kept fields that only we know and that outlive a replacement
 * @param changes whether the event speaks of a known object, so that there is an {@code old}
 */
record UpsertRule(
        ObjectKind kind,
        Optional<String> field,
        boolean merged,
        boolean creates,
        List<String> kept,
        boolean changes)
        implements EventRule {

    /** A new object. */
    static UpsertRule create(ObjectKind kind) {
        return new UpsertRule(kind, Optional.empty(), false, true, List.of(), false);
    }

    /** A complete object in place of the known one. */
    static UpsertRule replace(ObjectKind kind) {
        return new UpsertRule(kind, Optional.empty(), false, true, List.of(), true);
    }

    /** A part of a known object. */
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
    public Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope) {
        ObjectRef ref = ref(event);
        boolean wanted = merged || !kept.isEmpty() || changes && scope.config().old();
        return wanted && scope.keeps(ref) ? List.of(ref) : NONE;
    }

    @Override
    public Optional<byte[]> apply(ScannedEvent event, StateOverlay draft) {
        ObjectRef ref = ref(event);
        JsonObject object = event.object(field);
        Optional<JsonObject> known = draft.fields(ref);
        if (known.isEmpty() && !creates && !isWhole(object)) {
            return Optional.empty();
        }
        Optional<byte[]> old = changes ? draft.get(ref) : Optional.empty();
        JsonObjectEditor edit =
                merged && known.isPresent()
                        ? JsonObjectEditor.of(known.get()).merge(object)
                        : JsonObjectEditor.of(object);
        known.ifPresent(before -> kept.forEach(name -> edit.putIfAbsent(name, before.get(name))));
        draft.put(ref, kind.completed(edit, ref.guild()).toBytes());
        return old;
    }

    /** An update of an unknown member creates it if the payload is a member: it says since when. */
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
