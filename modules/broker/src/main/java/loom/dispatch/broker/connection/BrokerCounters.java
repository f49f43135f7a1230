package loom.dispatch.broker.connection;

import loom.dispatch.broker.CommandResult;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what happens to messages; any thread adds, any thread reads. */
public final class BrokerCounters {
    public final LongAdder published = new LongAdder();
    public final LongAdder confirmed = new LongAdder();
    public final LongAdder resent = new LongAdder();
    public final LongAdder nacked = new LongAdder();
    public final LongAdder returned = new LongAdder();
    public final LongAdder skipped = new LongAdder();
    public final LongAdder disconnects = new LongAdder();

    /** Commands by how they ended here, and {@code handed_on} for those that others end. */
    public final Map<String, LongAdder> commands =
            Stream.concat(CommandResult.NAMES.stream(), Stream.of("handed_on"))
                    .collect(Collectors.toUnmodifiableMap(name -> name, _ -> new LongAdder()));
}
