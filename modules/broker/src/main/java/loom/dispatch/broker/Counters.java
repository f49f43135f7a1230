package loom.dispatch.broker;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what happens to messages; any thread adds, any thread reads. */
final class Counters {
    final LongAdder published = new LongAdder();
    final LongAdder confirmed = new LongAdder();
    final LongAdder resent = new LongAdder();
    final LongAdder nacked = new LongAdder();
    final LongAdder returned = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder disconnects = new LongAdder();

    /** Commands by how they ended here, and {@code handed_on} for those that others end. */
    final Map<String, LongAdder> commands =
            Stream.concat(CommandAnswer.NAMES.stream(), Stream.of("handed_on"))
                    .collect(Collectors.toUnmodifiableMap(name -> name, _ -> new LongAdder()));
}
