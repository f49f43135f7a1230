package loom.dispatch.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads variables and collects every error, so that an operator sees all of them at once. Used by
 * one thread.
 */
public final class Environment {
    private final Map<String, String> dotEnv;
    private final Map<String, String> process;
    private final SecretSource secrets;
    private final List<String> problems = new ArrayList<>();

    /**
     * Reads from these two.
     *
     * @param dotEnv the file's variables
     * @param process the real environment, which wins
     */
    public Environment(Map<String, String> dotEnv, Map<String, String> process) {
        this.dotEnv = dotEnv;
        this.process = process;
        this.secrets = new SecretSource(process, dotEnv, this::problem);
    }

    /** The variable's value; an empty one counts as absent, as LOG_CHANNEL= in old files. */
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
     * The predecessor read all but free texts as JSON: there a value may stand in quotes, as Docker
     * passes them on from a file.
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

    /** Kubernetes sets REDIS_PORT for a service called redis. */
    private static String hint(String text) {
        return text.startsWith("tcp://")
                ? "; if Kubernetes set it, turn it off by enableServiceLinks: false"
                : "";
    }

    /** The text as it stands, empty if absent. */
    public String raw(String name) {
        return process.getOrDefault(name, dotEnv.getOrDefault(name, "")).strip();
    }

    /** Variables that nobody reads though they look like ours, each with what was meant. */
    public SortedMap<String, String> strangers() {
        return UnknownVariables.among(process.keySet(), dotEnv.keySet());
    }

    void problem(String line) {
        problems.add(line);
    }

    /** Everything that was wrong so far. */
    public List<String> problems() {
        return List.copyOf(problems);
    }
}
