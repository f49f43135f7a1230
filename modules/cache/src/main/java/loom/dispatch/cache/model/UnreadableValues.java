package loom.dispatch.cache.model;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.cache.json.JsonFormatException;
import loom.dispatch.runtime.EventLog;

import java.util.concurrent.atomic.LongAdder;

/** Counts and logs what cannot be read; each spoils only itself. */
public final class UnreadableValues {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private final LongAdder count = new LongAdder();

    public long count() {
        return count.sum();
    }

    /** Does something with one value. */
    public void unless(String what, Runnable work) {
        try {
            work.run();
        } catch (JsonFormatException fault) {
            add(what, fault);
        }
    }

    public void add(String what, JsonFormatException fault) {
        count.increment();
        LOG.write(CacheLogEvents.STATE_UNREADABLE, what, fault.getMessage());
    }
}
