package loom.dispatch.benchmarks;

import loom.dispatch.benchmarks.discord.EventMix;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The parsed command line.
 *
 * @param values each option's value, by its name without dashes
 */
public record BenchOptions(Map<String, String> values) {
    static final String HELP =
            """
            options of load, memory and growth (default in brackets):
              --mix NAME       event mix: traffic, messages, members or guilds (traffic)
              --image DIR      directory of the image (jlink/target/loom-dispatch)
              --shards N       number of shards (16); "growth --parts shards" ignores it
              --warmup N       seconds before each measurement (15)
              --seconds N      seconds of each measurement (10)
            load:
              --states LIST    state configurations (off,on,old)
              --rabbit no      use a broker without cost, to measure the image alone
              --max N          highest rate for the latency measurement, in events/s (measured)
              --ceilings no    skip PerfTest
              --latencies no   skip the latency measurement
            memory:
              --parts LIST     parts to run (quiet,tls,burst,load)
              --minutes N      minutes of load (5)
              --rate N         load in events/s (5000)
            growth:
              --parts LIST     parts to run (shards,members,queue)
              --members LIST   numbers of cached members (1000,10000,100000)
              --rate N         steady load in events/s (1000)
            """;

    /** An empty value means the default of each benchmark. */
    private static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("mix", "traffic"),
                    Map.entry("image", ""),
                    Map.entry("shards", "16"),
                    Map.entry("warmup", "15"),
                    Map.entry("seconds", "10"),
                    Map.entry("states", "off,on,old"),
                    Map.entry("rabbit", "yes"),
                    Map.entry("max", ""),
                    Map.entry("ceilings", "yes"),
                    Map.entry("latencies", "yes"),
                    Map.entry("parts", ""),
                    Map.entry("minutes", "5"),
                    Map.entry("members", "1000,10000,100000"),
                    Map.entry("rate", ""));

    public BenchOptions {
        values = Map.copyOf(values);
    }

    /** Parses {@code --name value} pairs. */
    static BenchOptions of(List<String> arguments) {
        Map<String, String> values = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i).replaceFirst("^--", "");
            if (!DEFAULTS.containsKey(name)) {
                throw new IllegalArgumentException("there is no option " + arguments.get(i));
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value");
            }
            values.put(name, arguments.get(i + 1));
        }
        return new BenchOptions(values);
    }

    /** Returns the directory of the linked image. */
    public Path image() {
        Path target = Path.of(System.getProperty("bench.target"));
        return values.get("image").isEmpty()
                ? target.resolve("../../../jlink/target/loom-dispatch").normalize()
                : Path.of(values.get("image"));
    }

    /** Returns the directory for the image's logs. */
    public Path scratch() {
        return Path.of(System.getProperty("bench.target"), "run-" + ProcessHandle.current().pid());
    }

    public EventMix mix() {
        return EventMix.valueOf(values.get("mix").toUpperCase(Locale.ROOT));
    }

    /** Returns the number of an option, or {@code otherwise} if the option is missing. */
    public int number(String name, int fallback) {
        return values.get(name).isEmpty() ? fallback : number(name);
    }

    public int number(String name) {
        return Integer.parseInt(values.get(name));
    }

    public int seconds() {
        return number("seconds");
    }

    public int shards() {
        return number("shards");
    }

    public List<String> list(String name) {
        return List.of(values.get(name).split(","));
    }

    public boolean yes(String name) {
        return !values.get(name).equals("no");
    }

    /** Returns true if this part of the benchmark is selected. */
    public boolean part(String name) {
        return values.get("parts").isEmpty() || list("parts").contains(name);
    }
}
