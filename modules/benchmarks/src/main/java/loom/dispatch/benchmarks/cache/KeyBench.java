package loom.dispatch.benchmarks.cache;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures the construction of an object's key and of its index sets' keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyBench {
    private final ObjectRef presence =
            ObjectRef.of(ObjectKind.PRESENCE, "1089234567890123456", "1089234567890123457");
    private final ObjectRef message =
            ObjectRef.message("1089234567890123456", "1089234567890123458", "1089234567890123459");

    /** Builds a presence's key. */
    @Benchmark
    public String key() {
        return presence.key();
    }

    /** Builds the keys of a message's index sets. */
    @Benchmark
    public List<String> sets() {
        return message.sets();
    }
}
