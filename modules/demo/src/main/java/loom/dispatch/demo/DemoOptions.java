package loom.dispatch.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The parsed command line of the demo.
 *
 * @param seconds the run time; 0 runs until Ctrl-C
 * @param shards shards of the simulated bot
 * @param rate events per second over all shards of the simulated bot
 * @param killEverySeconds the time between two SIGKILLs of the image; 0 for none
 * @param help true if the user asked for the help text
 */
public record DemoOptions(int seconds, int shards, int rate, int killEverySeconds, boolean help) {
    static final String HELP =
            """
            usage: demo [--seconds N] [--shards N] [--rate N] [--kill-every N]
                   demo measure [--help]

            Runs the loom-dispatch image between a simulated Discord and embedded stand-ins for
            RabbitMQ and Redis, consumes what it publishes, and shows live what happens. Ctrl-C
            ends it with a summary of what was lost, repeated or out of order. "demo measure"
            prints how fast the image starts instead.

              --seconds N      end after N seconds (default: at Ctrl-C)
              --shards N       shards of the simulated bot, 1 to 256 (default: 4)
              --rate N         events a second over all shards, 0 to 50000 (default: 1000)
              --kill-every N   SIGKILL the image every N seconds and start it again

            With BOT_TOKEN, RABBIT_HOST and REDIS_HOST set, the image runs against the real ones,
            configured by the environment and .env as always; --shards and --rate then mean nothing.

            Exit code: 0 if nothing was lost or out of order and the image ended well, else 1;
            2 for a wrong command line.
            """;

    private static final DemoOptions DEFAULT = new DemoOptions(0, 4, 1_000, 0, false);
    private static final int DAY = 86_400;

    /** An invalid command line. The message gives the reason. */
    public static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        public Wrong(String message) {
            super(message);
        }
    }

    static DemoOptions parse(List<String> arguments) throws Wrong {
        DemoOptions options = DEFAULT;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Optional<String> value =
                    equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
            options = options.with(name, value, rest);
        }
        return options;
    }

    private DemoOptions with(String name, Optional<String> value, Iterator<String> rest)
            throws Wrong {
        return switch (name) {
            case "--seconds" ->
                    new DemoOptions(
                            number(name, value, rest, 1, DAY),
                            shards,
                            rate,
                            killEverySeconds,
                            help);
            case "--shards" ->
                    new DemoOptions(
                            seconds,
                            number(name, value, rest, 1, 256),
                            rate,
                            killEverySeconds,
                            help);
            case "--rate" ->
                    new DemoOptions(
                            seconds,
                            shards,
                            number(name, value, rest, 0, 50_000),
                            killEverySeconds,
                            help);
            case "--kill-every" ->
                    new DemoOptions(seconds, shards, rate, number(name, value, rest, 3, DAY), help);
            case "--help", "-h" -> new DemoOptions(seconds, shards, rate, killEverySeconds, true);
            default -> throw new Wrong("unknown option " + name);
        };
    }

    /** Parses the number of an option: {@code given}, or the next argument. */
    public static int number(
            String name, Optional<String> given, Iterator<String> rest, int least, int most)
            throws Wrong {
        String text = given.orElseGet(() -> rest.hasNext() ? rest.next() : "");
        String expected = name + " wants a number from " + least + " to " + most;
        try {
            int value = Integer.parseInt(text);
            if (value < least || value > most) {
                throw new Wrong(expected + ", not " + value);
            }
            return value;
        } catch (NumberFormatException e) {
            throw new Wrong(expected + (text.isEmpty() ? "" : ", not " + text));
        }
    }
}
