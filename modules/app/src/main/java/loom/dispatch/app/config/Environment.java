package loom.dispatch.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads environment variables and collects every error, so that an operator sees all errors at
 * once. Used by one thread.
 */
public final class Environment {
    private final Map<String, String> dotEnv;
    private final Map<String, String> process;
    private final SecretSource secrets;
    private final List<String> problems = new ArrayList<>();

    /**
     * Creates an environment from two sources.
     *
     * @param dotEnv the variables of the {@code .env} file
     * @param process the variables of the process, which override the file
     */
    public Environment(Map<String, String> dotEnv, Map<String, String> process) {
        this.dotEnv = dotEnv;
        this.process = process;
        this.secrets = new SecretSource(process, dotEnv, this::problem);
    }

    /**
     * Returns the value of a variable. An empty variable counts as absent, for example
     * LOG_CHANNEL=.
     */
    public <T> T get(EnvironmentVariable<T> variable) {
        String text = variable.secret() ? secrets.text(variable.name()) : raw(variable.name());
        if (text.isEmpty()) {
            return variable.parser().apply(variable.fallback());
        }
        try {
            return parsed(variable, text);
        } catch (IllegalArgumentException wrong) {
            problem(
                    variable.name()
                            + "="
                            + (variable.secret() ? "***" : "\"" + text + "\"")
                            + ": allowed is "
                            + variable.allowed()
                            + (wrong instanceof EnvironmentVariable.WrongPart
                                    ? "; " + wrong.getMessage()
                                    : "")
                            + hint(text));
            return variable.parser().apply(variable.fallback());
        }
    }

    /**
     * Accepts a value in quotes, because Docker passes quotes of an env file on and
     * twilight-dispatch reads such values as JSON.
     */
    private static <T> T parsed(EnvironmentVariable<T> variable, String text) {
        try {
            return variable.parser().apply(text);
        } catch (IllegalArgumentException wrong) {
            if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
                return variable.parser().apply(text.substring(1, text.length() - 1));
            }
            throw wrong;
        }
    }

    /** Kubernetes sets REDIS_PORT=tcp://… for a service with the name redis. */
    private static String hint(String text) {
        return text.startsWith("tcp://")
                ? "; if Kubernetes sets it, add enableServiceLinks: false to the pod"
                : "";
    }

    /** Returns the text of a variable; empty if it is absent. */
    public String raw(String name) {
        return process.getOrDefault(name, dotEnv.getOrDefault(name, "")).strip();
    }

    /** Returns variables that look like a misspelt setting, each with the setting it resembles. */
    public SortedMap<String, String> unknownVariables() {
        return UnknownVariables.among(process.keySet(), dotEnv.keySet());
    }

    void problem(String line) {
        problems.add(line);
    }

    /** Returns all errors so far. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
