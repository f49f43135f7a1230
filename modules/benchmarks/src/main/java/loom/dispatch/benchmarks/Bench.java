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
            bench load [options]     the image under load, beside PerfTest
            bench memory [options]   resident memory: quiet, after a burst, over minutes
            bench growth [options]   what an event costs with more shards, members, waiting messages
            bench cache [options]    events through the state cache, beside what Redis itself can take
            bench jmh [options]      the hot path piece by piece; options are JMH's own
            """;

    private Bench() {}

    /** Runs the benchmark that the first argument names. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest =
                List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "--help" : arguments[0]) {
            case "load" -> new LoadBench(asked(rest, BenchOptions::of)).run();
            case "memory" -> new MemoryBench(asked(rest, BenchOptions::of)).run();
            case "growth" -> new GrowthBench(asked(rest, BenchOptions::of)).run();
            case "cache" -> new CacheBench(asked(rest, CacheBenchOptions::of)).run();
            case "jmh" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            default -> System.out.print(HELP + BenchOptions.HELP + CacheBenchOptions.HELP);
        }
    }

    private static <T> T asked(List<String> arguments, Function<List<String>, T> options) {
        try {
            return options.apply(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage() + "; --help lists the options");
            System.exit(2);
            throw wrong;
        }
    }
}
