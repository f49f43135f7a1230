package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.LinkedImage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Checks the shipped systemd unit with systemd's tools. */
final class SystemdUnitTest {
    private static final Path FILES = Path.of("../docs/operations/systemd").toAbsolutePath();
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final Path SYSUSERS = Path.of("/usr/bin/systemd-sysusers");

    /** Tenths of the exposure that systemd-analyze computes, from 0 to 100. */
    private static final int MOST_EXPOSURE = 20;

    private static final long PATIENCE_SECONDS = 60;

    @TempDir private Path folder;

    @BeforeEach
    void systemdIsInstalled() {
        assumeTrue(
                Files.isExecutable(ANALYZE) && Files.isExecutable(SYSUSERS),
                "NOT TESTED: the systemd unit, because systemd is not installed");
    }

    /**
     * Returns the unit with the path of this image, because systemd requires that the file exists.
     */
    private Path unit() throws IOException {
        String text = Files.readString(FILES.resolve("loom-dispatch.service"));
        Path unit = folder.resolve("loom-dispatch.service");
        String image = LinkedImage.HOME.toAbsolutePath().toString();
        return Files.writeString(unit, text.replace("/opt/loom-dispatch", image));
    }

    private String run(Object... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (Object word : command) {
            words.add(word.toString());
        }
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), words::toString);
        String text = Files.readString(output);
        assertEquals(0, process.exitValue(), () -> words + "\n" + text);
        return text;
    }

    @Test
    void systemdAnalyzeFindsNoFaultInUnit() throws Exception {
        assertEquals("", run(ANALYZE, "verify", "--man=no", unit()));
    }

    @Test
    void systemdAnalyzeRatesExposureAsLow() throws Exception {
        String report =
                run(
                        ANALYZE,
                        "security",
                        "--no-pager",
                        "--offline=true",
                        "--threshold=" + MOST_EXPOSURE,
                        unit());
        System.out.println(report.lines().filter(line -> line.contains("Overall")).findFirst());
    }

    @Test
    void sysusersFileCreatesTheUser() throws Exception {
        String made = run(SYSUSERS, "--dry-run", FILES.resolve("loom-dispatch.sysusers"));
        assertTrue(made.contains("user 'loom-dispatch'"), made);
    }
}
