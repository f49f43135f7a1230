package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/testing.md names only tests that there are. */
final class TestingPageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\n {4}void (\\w+)\\(");

    @Test
    void everyTestThatItNamesExists() throws IOException {
        Set<String> named =
                NAMED.matcher(Files.readString(ROOT.resolve("docs/testing.md")))
                        .results()
                        .map(found -> found.group(1) + "." + found.group(2))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(named.size() > 50, () -> "found only " + named);
        named.removeAll(tests());
        assertEquals(Set.of(), named);
    }

    private static Set<String> tests() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (Path folder : folders()) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", ".");
                    methods(file).forEach(method -> tests.add(name + method));
                }
            }
        }
        return tests;
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT.resolve("modules"))) {
            return Stream.concat(modules, Stream.of(ROOT.resolve("jlink")))
                    .map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static List<String> methods(Path file) throws IOException {
        return METHOD.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
