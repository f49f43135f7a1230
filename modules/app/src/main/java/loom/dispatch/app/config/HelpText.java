package loom.dispatch.app.config;

import java.util.stream.Collectors;

/** Builds the text of {@code --help} from the definitions of the variables. */
public final class HelpText {
    private HelpText() {}

    public static String text() {
        return """
        loom-dispatch holds the Discord gateway connections of a bot and publishes every event to RabbitMQ.

        usage: loom-dispatch             run the service
               loom-dispatch doctor      check everything that a start needs, and change nothing
               loom-dispatch audit       compare the sets in Redis with the objects
               loom-dispatch version     print the version
               loom-dispatch --help      print this help

        Environment variables, or variables in a .env file in the working directory or above:

        """
                + Settings.VARIABLES.stream().map(HelpText::line).collect(Collectors.joining("\n"))
                + """


                A secret NAME may be in a file instead: set NAME_FILE to its path. A systemd
                credential with the name in lower case works too (LoadCredential=bot_token:/path).
                RUST_LOG is used if LOG_LEVEL is not set.\
                """;
    }

    private static String line(EnvironmentVariable<?> variable) {
        String fallback = variable.fallback().isEmpty() ? "" : ", default " + variable.fallback();
        return "  %-24s %s (%s%s)"
                .formatted(variable.name(), variable.meaning(), variable.allowed(), fallback);
    }
}
