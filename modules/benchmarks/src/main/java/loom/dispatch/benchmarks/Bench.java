package loom.dispatch.benchmarks;

import loom.dispatch.benchmarks.cache.CacheBench;
import loom.dispatch.benchmarks.cache.CacheBenchOptions;
import loom.dispatch.benchmarks.load.GrowthBench;
import loom.dispatch.benchmarks.load.LoadBench;
import loom.dispatch.benchmarks.load.MemoryBench;

import java.util.List;
import java.util.function.Function;

/** The command line of the benchmarks. */
final class Bench {
    private static final String HELP =
            """
            bench load [options]     throughput and latency of the image, beside PerfTest
            bench memory [options]   resident memory: quiet, after a burst, under load
            bench growth [options]   cost of an event with more shards, members, queued messages
            bench cache [options]    throughput of the state cache, beside Redis alone
            bench jmh [options]      JMH benchmarks of the hot path, with JMH's options
            """;

    private Bench() {}

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest =
                List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "--help" : arguments[0]) {
            case "load" -> new LoadBench(parsed(rest, BenchOptions::of)).run();
            case "memory" -> new MemoryBench(parsed(rest, BenchOptions::of)).run();
            case "growth" -> new GrowthBench(parsed(rest, BenchOptions::of)).run();
            case "cache" -> new CacheBench(parsed(rest, CacheBenchOptions::of)).run();
            case "jmh" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            default -> System.out.print(HELP + BenchOptions.HELP + CacheBenchOptions.HELP);
        }
    }

    private static <T> T parsed(List<String> arguments, Function<List<String>, T> options) {
        try {
            return options.apply(arguments);
        } catch (IllegalArgumentException invalid) {
            System.err.println("bench: " + invalid.getMessage() + "; --help lists the options");
            System.exit(2);
            throw invalid;
        }
    }
}
