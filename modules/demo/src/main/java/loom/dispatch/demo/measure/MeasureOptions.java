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

            Starts the loom-dispatch image repeatedly with a simulated Discord and embedded RabbitMQ
            and Redis. Prints medians: the start of a bare JVM, the time and CPU from the start to
            the first IDENTIFY, and the memory with 16 ready shards.

              --runs N         measured starts (default: 5); unmeasured ones warm up before them
              --tls            use TLS, with a certificate chain like Discord's
              --no-memory      do not measure the memory, which takes three seconds per start
              --against IMAGE  also start this image, in alternation, and print the ratios

            JAVA_OPTS adds JVM options to every image.
            """;

    private static final int MOST_RUNS = 1_000;

    public static MeasureOptions parse(List<String> arguments) throws DemoOptions.InvalidOptions {
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
                default -> throw new DemoOptions.InvalidOptions("unknown option " + name);
            }
        }
        return new MeasureOptions(runs, tls, memory, List.copyOf(against), help);
    }

    private static Path image(Iterator<String> rest) throws DemoOptions.InvalidOptions {
        if (!rest.hasNext()) {
            throw new DemoOptions.InvalidOptions("--against needs the directory of an image");
        }
        return Path.of(rest.next()).toAbsolutePath().normalize();
    }
}
