package loom.dispatch.cache;

import java.util.List;

/**
 * Tells readers that a shard's events passed the state by while Redis was away ({@code
 * STATE_FAILURE=skip}): the field {@code stale} of the shard's marker holds since when. READY
 * removes it, for then everything is told anew.
 */
final class StaleMark {
    static final String FIELD = "stale";

    private StaleMark() {}

    static void set(Wire wire, int shard, long sinceMillis) {
        wire.exchange(
                List.of(Command.hashSet(Keys.stateOf(shard), FIELD, Membership.time(sinceMillis))));
    }

    /** Whether the mark stands, for example since an earlier process. */
    static boolean isSet(Wire wire, int shard) {
        Object reply =
                wire.exchange(List.of(Command.hashGet(Keys.stateOf(shard), FIELD))).getFirst();
        return reply instanceof List<?> fields && fields.getFirst() instanceof byte[];
    }
}
