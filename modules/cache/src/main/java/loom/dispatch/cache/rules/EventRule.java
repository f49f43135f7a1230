package loom.dispatch.cache.rules;

import loom.dispatch.cache.bulk.BulkHandler;
import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Defines how one type of event changes the objects that its payload names. A rule is a pure
 * function: it lists the objects that it must know, and then changes the {@link StateOverlay}.
 * Events that affect other objects have a {@link BulkHandler}.
 */
public interface EventRule {

    /** Returns the objects whose stored values {@link #apply} needs. */
    Collection<ObjectRef> reads(ScannedEvent event, RuleContext context);

    /**
     * Changes the overlay.
     *
     * @return the object before the change, or an array of several; empty if there was none
     */
    Optional<byte[]> apply(ScannedEvent event, StateOverlay overlay);

    /** No objects to read. */
    Collection<ObjectRef> NONE = List.of();

    /** Joins the earlier values of an event about several objects in one array. */
    static Optional<byte[]> arrayOf(List<byte[]> before) {
        return before.isEmpty() ? Optional.empty() : Optional.of(JsonObjectEditor.array(before));
    }
}
