package loom.dispatch.cache;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What one type of event does to the objects that it names. A rule is a pure function: it says what
 * it must know, and then changes the draft. Everything that an event cannot name itself (a guild's
 * children, a channel's messages) is no rule but a {@link Sweeping} of its own.
 */
interface Rule {

    /** The objects whose present value {@link #apply} wants to see. */
    Collection<Ref> reads(Event event, Scope scope);

    /**
     * Changes the draft.
     *
     * @return the object as it was before, or an array of them; empty if there was none
     */
    Optional<byte[]> apply(Event event, Draft draft);

    /** No object to read. */
    Collection<Ref> NONE = List.of();

    /** An array of what was there before, for events about several objects. */
    static Optional<byte[]> arrayOf(List<byte[]> before) {
        return before.isEmpty() ? Optional.empty() : Optional.of(ObjectEdit.array(before));
    }
}
