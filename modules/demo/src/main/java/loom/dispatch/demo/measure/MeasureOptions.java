package loom.dispatch.demo.measure;

import loom.dispatch.demo.DemoOptions;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The parsed command line of {@code demo measure}.
 *
 * @param runs measured starts of each image
 * @param tls true if the gateway and REST use TLS
 * @param memory true to measure the memory when all shards are ready
 * @param against other images, started in alternation with the one that the build linked
 * @param help true if the user asked for the help text
 */
public record MeasureOptions(
        int runs, boolean tls, boolean memory, List<Path> against, boolean help) {
    public static final String HELP =
            """
            usage: demo measure [--runs N] [--tls] [--no-memory] [--against IMAGE]...

            Starts the loom-dispatch image again and again against a simulated Discord and embedded
            stand-ins for RabbitMQ and Redis, and prints medians: the time of a bare JVM, that from
            start to the first IDENTIFY and the CPU till then, and the memory with 16 ready shards.

              --runs N         starts that count (default: 5); some more warm the simulator
              --tls            reach Discord over TLS, as the real one, with a chain like its own
              --no-memory      do not wait for it, three seconds a start
              --against IMAGE  another image's directory, started in turn; prints the ratios too

            JAVA_OPTS adds to the options of every image.
            """;

    private static final int MOST_RUNS = 1_000;

    public static MeasureOptions parse(List<String> arguments) throws DemoOptions.Wrong {
        int runs = 5;
        boolean tls = false;
        boolean memory = true;
        boolean help = false;
        List<Path> against = new ArrayList<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            switch (name) {
                case "--runs" ->
                        runs = DemoOptions.number(name, Optional.empty(), rest, 1, MOST_RUNS);
                case "--tls" -> tls = true;
                case "--no-memory" -> memory = false;
                case "--against" -> against.add(image(rest));
                case "--help", "-h" -> help = true;
                default -> throw new DemoOptions.Wrong("unknown option " + name);
            }
        }
        return new MeasureOptions(runs, tls, memory, List.copyOf(against), help);
    }

    private static Path image(Iterator<String> rest) throws DemoOptions.Wrong {
        if (!rest.hasNext()) {
            throw new DemoOptions.Wrong("--against wants the directory of an image");
        }
        return Path.of(rest.next()).toAbsolutePath().normalize();
    }
}
