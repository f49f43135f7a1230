package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page of the documentation whose end is generated from the code. The hand-written beginning ends
 * before the first heading of level 2. {@code -Ddocs=write} writes the page instead of comparing
 * it.
 */
public final class GeneratedPage {
    private static final Path DOCUMENTS = Path.of("../../docs");
    private static final String HEADING = "\n## ";

    private GeneratedPage() {}

    /**
     * Compares a page with generated text.
     *
     * @param name the file's name in docs
     * @param generated sections; the first line is a heading of level 2
     */
    public static void check(String name, String generated) throws IOException {
        Path page = DOCUMENTS.resolve(name);
        String text = Files.readString(page);
        int start = text.indexOf(HEADING) + 1;
        assertTrue(start > 0, () -> name + " has no section");
        if ("write".equals(System.getProperty("docs"))) {
            Files.writeString(page, text.substring(0, start) + generated);
        }
        assertEquals(generated, Files.readString(page).substring(start), "run with -Ddocs=write");
    }

    /** Writes a section with a table; a row is a list of cells. */
    public static String section(String title, List<String> columns, List<List<String>> rows) {
        return "## "
                + title
                + "\n\n"
                + row(columns)
                + "|---".repeat(columns.size())
                + "|\n"
                + rows.stream().map(GeneratedPage::row).collect(Collectors.joining());
    }

    /** Writes a name as code, nothing as nothing. */
    public static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
