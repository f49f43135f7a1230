package loom.dispatch.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts and logs what cannot be read; each spoils only itself. */
final class Unreadable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.cache");

    private final LongAdder count = new LongAdder();

    long count() {
        return count.sum();
    }

    /** Does something with one value. */
    void unless(String what, Runnable work) {
        try {
            work.run();
        } catch (JsonFault fault) {
            add(what, fault);
        }
    }

    void add(String what, JsonFault fault) {
        count.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                "state.unreadable what={0} reason=\"{1}\"",
                what,
                fault.getMessage());
    }
}
