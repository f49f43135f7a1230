package loom.dispatch.broker;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to messages; any thread adds, any thread reads. */
final class Counters {
    final LongAdder published = new LongAdder();
    final LongAdder confirmed = new LongAdder();
    final LongAdder resent = new LongAdder();
    final LongAdder nacked = new LongAdder();
    final LongAdder returned = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder disconnects = new LongAdder();
}
