package loom.dispatch.app.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a secret {@code NAME} from one of these sources, in this order:
 *
 * <ol>
 *   <li>the variable {@code NAME} of the process, or the file that {@code NAME_FILE} names
 *   <li>the systemd credential with the name in lower case
 *   <li>the same variables in the {@code .env} file
 * </ol>
 *
 * <p>Error messages never contain a secret. They contain the value of {@code NAME_FILE} only if it
 * looks like a path, because operators sometimes put the secret itself there.
 */
final class SecretSource {
    /** A secret has at most a few hundred characters; a larger file is a mistake. */
    private static final int MOST_BYTES = 65_536;

    private static final String SUFFIX = "_FILE";

    private final Map<String, String> process;
    private final Map<String, String> dotEnv;
    private final Consumer<String> problem;

    /**
     * Creates a source.
     *
     * @param problem receives a line for each file that cannot be used
     */
    SecretSource(
            Map<String, String> process, Map<String, String> dotEnv, Consumer<String> problem) {
        this.process = process;
        this.dotEnv = dotEnv;
        this.problem = problem;
    }

    /** Returns the name of the variable with the path of the file. */
    static String fileVariable(String name) {
        return name + SUFFIX;
    }

    /** Returns the secret; empty if there is none. */
    String text(String name) {
        return named(name, process)
                .or(() -> credential(name))
                .or(() -> named(name, dotEnv))
                .orElse("");
    }

    /** Reads the variable or the file. Both at once is an error, because one would be ignored. */
    private Optional<String> named(String name, Map<String, String> variables) {
        String text = variables.getOrDefault(name, "").strip();
        String path = variables.getOrDefault(fileVariable(name), "").strip();
        if (path.isEmpty()) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        if (!text.isEmpty()) {
            problem.accept(name + " and " + fileVariable(name) + " are both set: remove one");
            return Optional.of(text);
        }
        if (!path.startsWith("/") && !path.startsWith(".")) {
            problem.accept(
                    fileVariable(name)
                            + "=***: must be a path that begins with / or .; to set the secret"
                            + " itself use "
                            + name);
            return Optional.of("");
        }
        return Optional.of(content(fileVariable(name) + "=" + path, Path.of(path)));
    }

    private Optional<String> credential(String name) {
        String folder = process.getOrDefault("CREDENTIALS_DIRECTORY", "");
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Path file = Path.of(folder, name.toLowerCase(Locale.ROOT));
        return Files.exists(file)
                ? Optional.of(content("systemd credential " + file, file))
                : Optional.empty();
    }

    private String content(String what, Path file) {
        try {
            return line(what, file);
        } catch (CharacterCodingException _) {
            return unusable(what, "is not text; a secret is one line of UTF-8");
        } catch (IOException e) {
            return unusable(what, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private String line(String what, Path file) throws IOException {
        if (!Files.exists(file)) {
            return unusable(what, "no such file; create it or correct the path");
        }
        if (Files.isDirectory(file)) {
            return unusable(what, "is a directory; set the path of a file");
        }
        if (!Files.isReadable(file)) {
            String user = System.getProperty("user.name");
            return unusable(what, "is not readable; allow the user " + user + " to read it");
        }
        if (Files.size(file) > MOST_BYTES) {
            return unusable(what, "is larger than " + MOST_BYTES + " bytes, so it is no secret");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
        if (text.isEmpty()) {
            return unusable(what, "is empty; write the secret into it");
        }
        if (text.lines().count() > 1) {
            return unusable(what, "has several lines; a secret is one line");
        }
        return text;
    }

    private String unusable(String what, String why) {
        problem.accept(what + ": " + why);
        return "";
    }
}
