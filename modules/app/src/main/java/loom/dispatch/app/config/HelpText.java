package loom.dispatch.app.config;

import java.util.stream.Collectors;

/** The text of {@code --help}, made from the variables' definitions. */
public final class HelpText {
    private HelpText() {}

    public static String text() {
        return """
        loom-dispatch holds a bot's Discord gateway connections and hands every event to RabbitMQ.

        usage: loom-dispatch             run the service
               loom-dispatch doctor      look at all that a start needs, and change nothing
               loom-dispatch audit       hold the state's indexes in Redis against its objects
               loom-dispatch version     print the version
               loom-dispatch --help      print this

        Configuration by environment variables, or a .env file in the working directory or above:

        """
                + Settings.VARIABLES.stream().map(HelpText::line).collect(Collectors.joining("\n"))
                + """


                A secret NAME may also stand in a file that NAME_FILE names, or be systemd's
                credential of its name in lower case (LoadCredential=bot_token:/path).
                RUST_LOG is taken for LOG_LEVEL where that is not set.\
                """;
    }

    private static String line(EnvironmentVariable<?> variable) {
        String fallback = variable.fallback().isEmpty() ? "" : ", default " + variable.fallback();
        return "  %-24s %s (%s%s)"
                .formatted(variable.name(), variable.meaning(), variable.allowed(), fallback);
    }
}
