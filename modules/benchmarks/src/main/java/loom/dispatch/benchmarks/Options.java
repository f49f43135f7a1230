package loom.dispatch.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the command line asks for.
 *
 * @param image the linked image
 * @param mix what the load is made of
 * @param states which of off, on and old
 * @param shards how many
 * @param warmup seconds before each measurement
 * @param seconds of each measurement
 * @param minutes of load while the memory is watched
 * @param rabbit whether to publish to RabbitMQ, or to what costs nothing
 * @param ceilings whether PerfTest and redis-benchmark run too
 * @param latencies whether the steady loads run too
 */
record Options(
        Path image,
        Mix mix,
        List<String> states,
        int shards,
        int warmup,
        int seconds,
        int minutes,
        boolean rabbit,
        boolean ceilings,
        boolean latencies) {

    static final String HELP =
            """
            options of load and memory:
              --mix NAME       traffic (default), messages, members, guilds
              --states LIST    of off,on,old; all by default
              --shards N       16
              --warmup N       seconds before each measurement, 15
              --seconds N      of each measurement, 10
              --minutes N      of load while the memory is watched, 5
              --rabbit no      a broker that costs nothing: what the image itself can do
              --ceilings no    without PerfTest and redis-benchmark
              --latencies no   without the steady loads
              --image DIR      another image than jlink/target/loom-dispatch
            """;

    static Options standard() {
        Path target = Path.of(System.getProperty("bench.target"));
        Path image = target.resolve("../../../jlink/target/loom-dispatch").normalize();
        return new Options(
                image, Mix.TRAFFIC, List.of("off", "on", "old"), 16, 15, 10, 5, true, true, true);
    }

    /** With every {@code --name value} of the command line. */
    static Options of(List<String> arguments) {
        Options options = standard();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value");
            }
            options = options.with(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private Options with(String name, String value) {
        return new Options(
                name.equals("--image") ? Path.of(value) : image,
                name.equals("--mix") ? Mix.valueOf(value.toUpperCase(Locale.ROOT)) : mix,
                name.equals("--states") ? List.of(value.split(",")) : states,
                name.equals("--shards") ? Integer.parseInt(value) : shards,
                name.equals("--warmup") ? Integer.parseInt(value) : warmup,
                name.equals("--seconds") ? Integer.parseInt(value) : seconds,
                name.equals("--minutes") ? Integer.parseInt(value) : minutes,
                name.equals("--rabbit") ? !value.equals("no") : rabbit,
                name.equals("--ceilings") ? !value.equals("no") : ceilings,
                name.equals("--latencies") ? !value.equals("no") : latencies);
    }
}
