package loom.dispatch.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads variables and collects every error, so that an operator sees all of them at once. Used by
 * one thread.
 */
final class Environment {
    private final Map<String, String> dotEnv;
    private final Map<String, String> process;
    private final List<String> problems = new ArrayList<>();

    /**
     * Reads from these two.
     *
     * @param dotEnv the file's variables
     * @param process the real environment, which wins
     */
    Environment(Map<String, String> dotEnv, Map<String, String> process) {
        this.dotEnv = dotEnv;
        this.process = process;
    }

    /** The variable's value; an empty one counts as absent, as LOG_CHANNEL= in old files. */
    <T> T get(Variable<T> variable) {
        String text = raw(variable.name());
        if (text.isEmpty()) {
            return variable.parser().apply(variable.fallback());
        }
        try {
            return variable.parser().apply(text);
        } catch (IllegalArgumentException _) {
            String shown = variable.secret() ? "***" : "\"" + text + "\"";
            problem(variable.name() + "=" + shown + ": allowed is " + variable.allowed());
            return variable.parser().apply(variable.fallback());
        }
    }

    /** The text as it stands, empty if absent. */
    String raw(String name) {
        return process.getOrDefault(name, dotEnv.getOrDefault(name, "")).strip();
    }

    void problem(String line) {
        problems.add(line);
    }

    /** Everything that was wrong so far. */
    List<String> problems() {
        return List.copyOf(problems);
    }
}
