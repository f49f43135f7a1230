package loom.dispatch.benchmarks;

import loom.dispatch.cache.CacheBench;
import loom.dispatch.cache.CacheOptions;

import java.util.List;

/** The benches' command line. */
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

    /** The first argument names the bench. */
    public static void main(String[] arguments) throws Exception {
        List<String> rest =
                List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "--help" : arguments[0]) {
            case "load" -> new LoadBench(Options.of(rest)).run();
            case "memory" -> new MemoryBench(Options.of(rest)).run();
            case "growth" -> new GrowthBench(Options.of(rest)).run();
            case "cache" -> new CacheBench(CacheOptions.of(rest)).run();
            case "jmh" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            default -> System.out.print(HELP + Options.HELP + CacheOptions.HELP);
        }
    }
}
