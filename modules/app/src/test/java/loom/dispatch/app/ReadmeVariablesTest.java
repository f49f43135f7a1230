package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.app.config.EnvironmentVariable;
import loom.dispatch.app.config.Settings;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of variables in docs/configuration.md equals the variables of the code. {@code
 * -Dreadme=write} writes the table instead of comparing it.
 */
final class ReadmeVariablesTest {
    private static final Path README = Path.of("../../docs/configuration.md");
    private static final String HEAD =
            "| variable | default | unit or choices | meaning |\n|---|---|---|---|\n";

    @Test
    void theTableOfVariablesIsThatOfTheCode() throws Exception {
        String table =
                Settings.VARIABLES.stream()
                        .map(ReadmeVariablesTest::row)
                        .collect(Collectors.joining("\n", HEAD, "\n"));
        if ("write".equals(System.getProperty("readme"))) {
            write(table);
        }
        String readme = Files.readString(README);
        int start = readme.indexOf(HEAD);
        assertEquals(table, readme.substring(start, end(readme, start)));
    }

    private static void write(String table) throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf(HEAD);
        Files.writeString(
                README, readme.substring(0, start) + table + readme.substring(end(readme, start)));
    }

    /** Behind the table's last line. */
    private static int end(String readme, int start) {
        List<String> lines =
                readme.substring(start).lines().takeWhile(line -> line.startsWith("|")).toList();
        return start + String.join("\n", lines).length() + 1;
    }

    private static String row(EnvironmentVariable<?> variable) {
        String fallback = variable.fallback();
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        variable.name(),
                        fallback.isEmpty() ? "" : "`" + fallback + "`",
                        variable.allowed().replace("|", "\\|"),
                        variable.meaning());
    }
}
