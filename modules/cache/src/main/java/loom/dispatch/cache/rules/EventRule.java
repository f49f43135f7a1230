package loom.dispatch.cache.rules;

import loom.dispatch.cache.bulk.BulkHandler;
import loom.dispatch.cache.json.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What one type of event does to the objects that it names. A rule is a pure function: it says what
 * it must know, and then changes the draft. Everything that an event cannot name itself (a guild's
 * children, a channel's messages) is no rule but a {@link BulkHandler} of its own.
 */
public interface EventRule {

    /** The objects whose present value {@link #apply} wants to see. */
    Collection<ObjectRef> reads(ScannedEvent event, RuleContext scope);

    /**
     * Changes the draft.
     *
     * @return the object as it was before, or an array of them; empty if there was none
     */
    Optional<byte[]> apply(ScannedEvent event, StateOverlay draft);

    /** No object to read. */
    Collection<ObjectRef> NONE = List.of();

    /** An array of what was there before, for events about several objects. */
    static Optional<byte[]> arrayOf(List<byte[]> before) {
        return before.isEmpty() ? Optional.empty() : Optional.of(JsonObjectEditor.array(before));
    }
}
