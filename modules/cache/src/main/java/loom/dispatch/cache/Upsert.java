package loom.dispatch.cache;

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
record Upsert(
        Kind kind,
        Optional<String> field,
        boolean merged,
        boolean creates,
        List<String> kept,
        boolean changes)
        implements Rule {

    /** A new object. */
    static Upsert create(Kind kind) {
        return new Upsert(kind, Optional.empty(), false, true, List.of(), false);
    }

    /** A complete object in place of the known one. */
    static Upsert replace(Kind kind) {
        return new Upsert(kind, Optional.empty(), false, true, List.of(), true);
    }

    /** A part of a known object. */
    static Upsert mergeKnown(Kind kind) {
        return new Upsert(kind, Optional.empty(), true, false, List.of(), true);
    }

    Upsert in(String name) {
        return new Upsert(kind, Optional.of(name), merged, creates, kept, changes);
    }

    Upsert keeping(String... names) {
        return new Upsert(kind, field, merged, creates, List.of(names), changes);
    }

    @Override
    public Collection<Ref> reads(Event event, Scope scope) {
        Ref ref = ref(event);
        boolean wanted = merged || !kept.isEmpty() || changes && scope.config().old();
        return wanted && scope.keeps(ref) ? List.of(ref) : NONE;
    }

    @Override
    public Optional<byte[]> apply(Event event, Draft draft) {
        Ref ref = ref(event);
        Fields object = event.object(field);
        Optional<Fields> known = draft.fields(ref);
        if (known.isEmpty() && !creates && !isWhole(object)) {
            return Optional.empty();
        }
        Optional<byte[]> old = changes ? draft.get(ref) : Optional.empty();
        ObjectEdit edit =
                merged && known.isPresent()
                        ? ObjectEdit.of(known.get()).merge(object)
                        : ObjectEdit.of(object);
        known.ifPresent(before -> kept.forEach(name -> edit.putIfAbsent(name, before.get(name))));
        draft.put(ref, kind.completed(edit, ref.guild()).toBytes());
        return old;
    }

    /** An update of an unknown member creates it if the payload is a member: it says since when. */
    private boolean isWhole(Fields object) {
        return kind == Kind.MEMBER && object.text("joined_at").isPresent();
    }

    private Ref ref(Event event) {
        return event.subject(
                kind,
                () -> {
                    String id = kind.id(event.object(field));
                    return kind == Kind.MESSAGE
                            ? Ref.message(event.guild(), event.requireText("channel_id"), id)
                            : Ref.of(kind, event.guild(), id);
                });
    }
}
