package loom.dispatch.app;

import java.util.stream.Collectors;

/** The text of {@code --help}, made from the variables' definitions. */
final class Help {
    private Help() {}

    static String text() {
        return """
        loom-dispatch holds a bot's Discord gateway connections and hands every event to RabbitMQ.

        usage: loom-dispatch             run the service
               loom-dispatch version     print the version
               loom-dispatch --help      print this

        Configuration by environment variables, or a .env file in the working directory or above:

        """
                + Settings.VARIABLES.stream().map(Help::line).collect(Collectors.joining("\n"));
    }

    private static String line(Variable<?> variable) {
        String fallback = variable.fallback().isEmpty() ? "" : ", default " + shown(variable);
        return "  %-22s %s (%s%s)"
                .formatted(variable.name(), variable.meaning(), variable.allowed(), fallback);
    }

    private static String shown(Variable<?> variable) {
        return variable.secret() ? "***" : variable.fallback();
    }
}
