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

            Runs the loom-dispatch image with a simulated Discord and embedded RabbitMQ and Redis,
            consumes the published events and shows them live. Ctrl-C ends the demo with a summary
            of lost, repeated and reordered events. "demo measure" measures the start of the image.

              --seconds N      end after N seconds (default: run until Ctrl-C)
              --shards N       shards of the simulated bot, 1 to 256 (default: 4)
              --rate N         events per second over all shards, 0 to 50000 (default: 1000)
              --kill-every N   send SIGKILL to the image every N seconds and restart it

            If BOT_TOKEN, RABBIT_HOST and REDIS_HOST are set, the image connects to real servers. It
            then reads its configuration from the environment and .env; --shards and --rate have no
            effect.

            Exit code: 0 if no event was lost or out of order and the image ended with 0, else 1;
            2 for an invalid command line.
            """;

    private static final int DAY = 86_400;

    /** An invalid command line. The message gives the reason. */
    public static final class InvalidOptions extends Exception {
        private static final long serialVersionUID = 1L;

        public InvalidOptions(String message) {
            super(message);
        }
    }

    static DemoOptions parse(List<String> arguments) throws InvalidOptions {
        int seconds = 0;
        int shards = 4;
        int rate = 1_000;
        int killEverySeconds = 0;
        boolean help = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] option = rest.next().split("=", 2);
            String name = option[0];
            Optional<String> value = option.length == 2 ? Optional.of(option[1]) : Optional.empty();
            switch (name) {
                case "--seconds" -> seconds = number(name, value, rest, 1, DAY);
                case "--shards" -> shards = number(name, value, rest, 1, 256);
                case "--rate" -> rate = number(name, value, rest, 0, 50_000);
                case "--kill-every" -> killEverySeconds = number(name, value, rest, 3, DAY);
                case "--help", "-h" -> help = true;
                default -> throw new InvalidOptions("unknown option " + name);
            }
        }
        return new DemoOptions(seconds, shards, rate, killEverySeconds, help);
    }

    /** Parses the number of an option: {@code given}, or the next argument. */
    public static int number(
            String name, Optional<String> given, Iterator<String> rest, int least, int most)
            throws InvalidOptions {
        String text = given.orElseGet(() -> rest.hasNext() ? rest.next() : "");
        String expected = name + " needs a number from " + least + " to " + most;
        try {
            int value = Integer.parseInt(text);
            if (value < least || value > most) {
                throw new InvalidOptions(expected + ", not " + value);
            }
            return value;
        } catch (NumberFormatException e) {
            throw new InvalidOptions(expected + (text.isEmpty() ? "" : ", not " + text));
        }
    }
}
