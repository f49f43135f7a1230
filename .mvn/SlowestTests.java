import org.w3c.dom.Element;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Prints the ten slowest tests of this build, from surefire's reports. Arguments: the root folder
 * and the time when the build started.
 */
public final class SlowestTests {
    private static final int SHOWN = 10;

    private record TestTime(String name, double seconds) {}

    public static void main(String[] args) throws Exception {
        Instant buildStart = Instant.parse(args[1]);
        List<TestTime> times = new ArrayList<>();
        for (Path report : reports(Path.of(args[0]))) {
            // a module that this build did not test has reports of an earlier build
            if (Files.getLastModifiedTime(report).toInstant().isAfter(buildStart)) {
                times.addAll(read(report));
            }
        }
        if (times.isEmpty()) {
            return;
        }
        System.out.println("The slowest of " + times.size() + " tests, in seconds:");
        times.stream()
                .sorted(Comparator.comparingDouble(TestTime::seconds).reversed())
                .limit(SHOWN)
                .forEach(test -> System.out.printf("%7.1f  %s%n", test.seconds(), test.name()));
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 5)) {
            return files.filter(
                            file -> file.toString().matches(".*/surefire-reports/TEST-.*\\.xml"))
                    .toList();
        }
    }

    private static List<TestTime> read(Path report) throws Exception {
        var cases =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(report.toFile())
                        .getElementsByTagName("testcase");
        return IntStream.range(0, cases.getLength())
                .mapToObj(index -> (Element) cases.item(index))
                .map(SlowestTests::time)
                .toList();
    }

    private static TestTime time(Element test) {
        String type = test.getAttribute("classname").replaceAll("^.*\\.", "");
        // surefire writes 1,234.5 for a long test
        double seconds = Double.parseDouble(test.getAttribute("time").replace(",", ""));
        return new TestTime(type + "." + test.getAttribute("name"), seconds);
    }
}
