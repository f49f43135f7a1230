package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Checks the files for operators with promtool and systemd-analyze. */
final class AlertRulesTest {
    private static final Path TOP = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path OPERATIONS = TOP.resolve("docs/operations");
    @TempDir private Path folder;

    @Test
    void promtoolAcceptsAlertRulesAndTheirTestsPass() throws Exception {
        String promtool = tool("promtool", "the alert rules", "prometheus");
        Path rules = OPERATIONS.resolve("prometheus");
        assertEquals("", failure(rules, promtool, "check", "rules", "alerts.yaml"));
        assertEquals("", failure(rules, promtool, "test", "rules", "alerts.test.yaml"));
        assertEquals("", failure(rules, promtool, "check", "config", "scrape.yaml"));
    }

    @Test
    void systemdAcceptsUnitAndRatesItHardened() throws Exception {
        String analyze = tool("systemd-analyze", "the systemd unit", "systemd");
        String unit = Files.readString(OPERATIONS.resolve("systemd/loom-dispatch.service"));
        // systemd-analyze requires that the program exists on this machine
        Path copy = folder.resolve("loom-dispatch.service");
        Files.writeString(copy, unit.replace("/opt/loom-dispatch/bin/java", "/bin/true"));
        assertEquals("", failure(folder, analyze, "verify", copy.toString()));
        // exposure 2.0 in tenths
        assertEquals(
                "",
                failure(
                        folder,
                        analyze,
                        "security",
                        "--offline=true",
                        "--threshold=20",
                        copy.toString()));
    }

    @Test
    void everyAlertHasSectionInOperationsPage() throws IOException {
        String page = Files.readString(TOP.resolve("docs/operations.md"));
        List<String> alerts =
                Files.readAllLines(OPERATIONS.resolve("prometheus/alerts.yaml")).stream()
                        .filter(line -> line.strip().startsWith("- alert: "))
                        .map(line -> line.strip().substring(9))
                        .toList();
        assertTrue(alerts.size() > 10, alerts::toString);
        for (String alert : alerts) {
            assertTrue(page.contains("\n### " + alert + "\n"), "no section about " + alert);
        }
        long sections = page.lines().filter(line -> line.startsWith("### LoomDispatch")).count();
        assertEquals(alerts.size(), sections, "sections about alerts that do not exist");
    }

    private static String tool(String name, String what, String debianPackage) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(at -> Path.of(at, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> {
                    String line =
                            "NOT TESTED: %s. No %s on the PATH (Debian: %s)."
                                    .formatted(what, name, debianPackage);
                    System.err.println("\n*** " + line + " ***\n");
                    return new TestAbortedException(line);
                });
    }

    /** Returns the command's output if it failed, else an empty string. */
    private String failure(Path at, String... command) throws Exception {
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(command)
                        .directory(at.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command[0] + " does not end");
        return process.exitValue() == 0 ? "" : Files.readString(output);
    }
}
