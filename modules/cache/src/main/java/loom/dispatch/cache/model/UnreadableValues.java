package loom.dispatch.cache.model;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.JsonSyntaxException;

import java.util.concurrent.atomic.LongAdder;

/** Counts and logs events and values that cannot be parsed. The rest of a batch is not affected. */
public final class UnreadableValues {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private final LongAdder count = new LongAdder();

    public long count() {
        return count.sum();
    }

    /** Runs the work on one value. If the value is not the expected JSON, counts it instead. */
    public void skipUnreadable(String what, Runnable work) {
        try {
            work.run();
        } catch (JsonSyntaxException fault) {
            add(what, fault);
        }
    }

    public void add(String what, JsonSyntaxException fault) {
        count.increment();
        LOG.write(CacheLogEvents.STATE_UNREADABLE, what, fault.getMessage());
    }
}
