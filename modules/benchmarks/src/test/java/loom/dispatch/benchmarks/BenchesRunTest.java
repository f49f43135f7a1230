package loom.dispatch.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.benchmarks.cache.CacheBench;
import loom.dispatch.benchmarks.cache.CacheBenchOptions;
import loom.dispatch.benchmarks.load.LoadBench;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.Collection;
import java.util.List;

/** Runs each benchmark for a moment. The results mean nothing in so short a time. */
class BenchesRunTest {
    @Test
    void loadBenchLosesNoEventAndKeepsTheOrder() throws Exception {
        BenchOptions brief =
                BenchOptions.of(
                        List.of(
                                ("--states on --shards 2 --warmup 1 --seconds 1"
                                                + " --ceilings no --latencies no")
                                        .split(" ")));

        LoadBench.Measured measured = new LoadBench(brief).run().getFirst();

        assertTrue(measured.received() > 0, "nothing was received");
        assertEquals(0, measured.outOfOrder(), "not next in order");
    }

    @Test
    void cacheBenchComparesTheCacheWithRawBytes() throws Exception {
        List<String> brief =
                List.of("--members 20 --shards 1,2 --batches 16 --seconds 0.01".split(" "));
        var options = CacheBenchOptions.of(brief);

        List<Double> parts = new CacheBench(options).run();

        // Eight loads, one of which sends nothing to Redis; traffic twice, and guilds both new and
        // known.
        assertEquals(9, parts.size());
        assertTrue(parts.stream().allMatch(part -> part > 0 && part < 100), parts::toString);
    }

    @Test
    void jmhBenchesRun() throws Exception {
        var moment =
                new OptionsBuilder()
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(20))
                        .shouldFailOnError(true)
                        .build();

        Collection<RunResult> results = new Runner(moment).run();

        assertFalse(results.isEmpty());
        assertTrue(
                results.stream().allMatch(result -> result.getPrimaryResult().getScore() > 0),
                () -> "no time was measured: " + results);
    }
}
