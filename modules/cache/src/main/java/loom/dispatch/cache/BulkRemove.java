package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Removes messages that were deleted together: MESSAGE_DELETE_BULK. */
record BulkRemove() implements Rule {
    @Override
    public Collection<Ref> reads(Event event, Scope scope) {
        return scope.config().old() ? refs(event) : NONE;
    }

    @Override
    public Optional<byte[]> apply(Event event, Draft draft) {
        List<byte[]> before = new ArrayList<>();
        for (Ref ref : refs(event)) {
            draft.get(ref).ifPresent(before::add);
            draft.remove(ref);
        }
        return Rule.arrayOf(before);
    }

    private static List<Ref> refs(Event event) {
        String channel = event.requireText("channel_id");
        return event.data().array("ids").stream()
                .map(id -> Ref.message(event.guild(), channel, id.text()))
                .toList();
    }
}
