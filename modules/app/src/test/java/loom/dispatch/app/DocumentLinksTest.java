package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every link of the documents into the repository leads somewhere. */
final class DocumentLinksTest {
    private static final Path TOP = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");

    /** What the build makes, and what no clone has. */
    private static final List<String> ELSEWHERE = List.of("target", ".git", "node_modules");

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(TOP)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> ELSEWHERE.stream().noneMatch(name -> lies(file, name)))
                    .toList();
        }
    }

    private static boolean lies(Path file, String folder) {
        return TOP.relativize(file).startsWith(folder)
                || file.toString().contains("/" + folder + "/");
    }

    private static String text(Path file) throws IOException {
        return CODE.matcher(Files.readString(file)).replaceAll("");
    }

    /** As GitHub makes them: lower case, hyphens for blanks, no punctuation. */
    private static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(text(file))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    private static boolean leadsSomewhere(Path from, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
        if (!to.startsWith(TOP) || !Files.exists(to)) {
            return false;
        }
        return parts.length == 1 || anchors(to).contains(parts[1]);
    }

    @Test
    void everyLinkIntoTheRepositoryLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(text(document));
            for (MatchResult match : matcher.results().toList()) {
                String link = match.group(1) == null ? match.group(2) : match.group(1);
                if (!link.matches("[a-z]+:.*")) {
                    links++;
                    if (!leadsSomewhere(document, link)) {
                        dead.add(TOP.relativize(document) + ": " + link);
                    }
                }
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(links > 40, links + " links only");
    }
}
