package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The README's table of variables says what the code does. */
final class ReadmeTest {
    @Test
    void theTableOfVariablesIsThatOfTheCode() throws Exception {
        List<String> expected = Variables.ALL.stream().map(ReadmeTest::row).toList();
        List<String> actual =
                Files.readAllLines(Path.of("../../README.md")).stream()
                        .filter(line -> line.matches("\\| `[A-Z_]+` \\|.*"))
                        .toList();
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private static String row(Variable<?> variable) {
        String fallback = variable.secret() ? "" : variable.fallback();
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        variable.name(),
                        fallback.isEmpty() ? "" : "`" + fallback + "`",
                        variable.allowed().replace("|", "\\|"),
                        variable.meaning());
    }
}
