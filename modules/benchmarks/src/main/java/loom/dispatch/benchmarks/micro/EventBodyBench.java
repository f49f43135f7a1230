package loom.dispatch.benchmarks.micro;

import loom.dispatch.app.pipeline.EventBody;
import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Measures the construction of a published body. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventBodyBench {
    private List<DispatchEvent> events;
    private int next;

    /** Records a thousand events. */
    @Setup
    public void record() {
        Session session = Session.withoutUrl("0123456789abcdef0123456789abcdef");
        events =
                RecordedTraffic.sample().traffic().stream()
                        .map(event ->
                                new DispatchEvent(
                                        1, 0, session, 1, event.type(), "", event.data(), 0, false))
                        .toList();
    }

    /** Builds a body without {@code old}. */
    @Benchmark
    public byte[] splice() {
        return EventBody.of(events.get(next++ % events.size()), Optional.empty());
    }

    /** Builds a body whose {@code old} is the data itself. */
    @Benchmark
    public byte[] spliceWithOld() {
        DispatchEvent event = events.get(next++ % events.size());
        return EventBody.of(event, Optional.of(event.data()));
    }
}
