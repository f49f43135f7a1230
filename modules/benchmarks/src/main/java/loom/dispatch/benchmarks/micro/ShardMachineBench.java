package loom.dispatch.benchmarks.micro;

import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardMachine;
import loom.dispatch.gateway.machine.ShardState;
import loom.dispatch.gateway.machine.ShardTimeouts;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** Measures one step of the shard's state machine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardMachineBench {
    private final ShardMachine machine = new ShardMachine(ShardTimeouts.STANDARD);
    private final ShardState ready =
            new ShardState.Ready(1, 41_250, Session.withoutUrl("0123456789abcdef"));
    private final ShardEvent beat = new ShardEvent.HeartbeatDue(true, false);

    /** Handles a due heartbeat on an acknowledged connection. */
    @Benchmark
    public Object heartbeat() {
        return machine.step(ready, beat);
    }
}
