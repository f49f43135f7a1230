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
 * Finds a secret {@code NAME}: in the variable itself, in the file that {@code NAME_FILE} names, or
 * among systemd's credentials under its name in lower case.
 *
 * <p>What nobody named explicitly is asked last: the process's variables win over the credential,
 * and the credential over a {@code .env} file. No message shows more than a path, and a path only
 * if it looks like one, because people put the secret itself there.
 */
final class SecretSource {
    /** Secrets are lines of at most some hundred characters; what is larger is another file. */
    private static final int MOST_BYTES = 65_536;

    private static final String SUFFIX = "_FILE";

    private final Map<String, String> process;
    private final Map<String, String> dotEnv;
    private final Consumer<String> problem;

    /**
     * Looks into these.
     *
     * @param problem hears a line for each file that cannot be used
     */
    SecretSource(
            Map<String, String> process, Map<String, String> dotEnv, Consumer<String> problem) {
        this.process = process;
        this.dotEnv = dotEnv;
        this.problem = problem;
    }

    /** The variable that names the file of this secret. */
    static String fileVariable(String name) {
        return name + SUFFIX;
    }

    /** The secret's text; empty if there is none. */
    String text(String name) {
        return named(name, process)
                .or(() -> credential(name))
                .or(() -> named(name, dotEnv))
                .orElse("");
    }

    /** By the variable or by the path of a file; both at once would hide which of them counts. */
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
                            + "=***: a path beginning with / or . is wanted; a secret itself"
                            + " belongs into "
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
            return unusable(what, "is no text; a secret is one line of UTF-8");
        } catch (IOException e) {
            return unusable(what, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private String line(String what, Path file) throws IOException {
        if (!Files.exists(file)) {
            return unusable(what, "no such file; write the secret into it or correct the path");
        }
        if (Files.isDirectory(file)) {
            return unusable(what, "is a directory; name the file in it");
        }
        if (!Files.isReadable(file)) {
            String user = System.getProperty("user.name");
            return unusable(what, "is not readable; let the user " + user + " read it");
        }
        if (Files.size(file) > MOST_BYTES) {
            return unusable(what, "is larger than " + MOST_BYTES + " bytes and so no secret");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
        if (text.isEmpty()) {
            return unusable(what, "is empty; write the secret into it");
        }
        if (text.lines().count() > 1) {
            return unusable(what, "has several lines; a secret is one");
        }
        return text;
    }

    private String unusable(String what, String why) {
        problem.accept(what + ": " + why);
        return "";
    }
}
