package loom.dispatch.app.config;

import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a {@code .env} file: one {@code NAME=value} on each line, {@code #} comments, an optional
 * {@code export}, single or double quotes around a value.
 */
public final class DotEnvFile {
    private DotEnvFile() {}

    /**
     * Returns the variables of the nearest {@code .env} in this folder or above; empty if there is
     * none.
     *
     * @throws StartFailure if the file cannot be read
     */
    public static Map<String, String> nearest(Path folder) throws StartFailure {
        for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve(".env");
            if (Files.isRegularFile(file)) {
                return read(file);
            }
        }
        return Map.of();
    }

    private static Map<String, String> read(Path file) throws StartFailure {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.CONFIGURATION,
                    file
                            + " cannot be read ("
                            + e.getClass().getSimpleName()
                            + "); it must be UTF-8 text that the user "
                            + System.getProperty("user.name")
                            + " can read");
        }
    }

    static Map<String, String> parse(String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            if (stripped.startsWith("export ")) {
                stripped = stripped.substring("export ".length()).strip();
            }
            int equals = stripped.indexOf('=');
            if (equals > 0 && !stripped.startsWith("#")) {
                values.put(
                        stripped.substring(0, equals).strip(),
                        value(stripped.substring(equals + 1).strip()));
            }
        }
        return values;
    }

    private static String value(String raw) {
        if (raw.length() >= 2) {
            char quote = raw.charAt(0);
            int end = raw.indexOf(quote, 1);
            if ((quote == '"' || quote == '\'') && end > 0) {
                return raw.substring(1, end);
            }
        }
        int comment = raw.indexOf(" #");
        return comment < 0 ? raw : raw.substring(0, comment).strip();
    }
}
