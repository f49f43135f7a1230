package loom.dispatch.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.demo.measure.MeasureOptions;
import loom.dispatch.demo.scene.RealSurroundings;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests the command line and the environment of the demo. */
final class DemoOptionsTest {
    @Test
    void parsesEveryOptionInBothForms() throws Exception {
        assertEquals(new DemoOptions(0, 4, 1_000, 0, false), DemoOptions.parse(List.of()));
        assertEquals(
                new DemoOptions(10, 8, 500, 5, false),
                DemoOptions.parse(
                        List.of(
                                "--seconds",
                                "10",
                                "--shards=8",
                                "--rate=500",
                                "--kill-every",
                                "5")));
        assertTrue(DemoOptions.parse(List.of("--help")).help());
    }

    @Test
    void rejectsInvalidOptionsWithAReason() {
        assertWrong("unknown option --speed", "--speed", "3");
        assertWrong("--shards needs a number from 1 to 256, not 0", "--shards=0");
        assertWrong("--rate needs a number from 0 to 50000, not many", "--rate", "many");
        assertWrong("--seconds needs a number from 1 to 86400", "--seconds");
    }

    @Test
    void parsesMeasureOptions() throws Exception {
        assertEquals(
                new MeasureOptions(5, false, true, List.of(), false),
                MeasureOptions.parse(List.of()));
        assertEquals(
                new MeasureOptions(9, true, false, List.of(Path.of("/a"), Path.of("/b")), false),
                MeasureOptions.parse(
                        List.of(
                                "--runs",
                                "9",
                                "--tls",
                                "--no-memory",
                                "--against",
                                "/a",
                                "--against",
                                "/c/../b")));
        for (List<String> wrong :
                List.of(List.of("--against"), List.of("--runs", "0"), List.of("5"))) {
            assertThrows(DemoOptions.InvalidOptions.class, () -> MeasureOptions.parse(wrong));
        }
    }

    private static void assertWrong(String message, String... arguments) {
        var wrong =
                assertThrows(
                        DemoOptions.InvalidOptions.class,
                        () -> DemoOptions.parse(List.of(arguments)));
        assertEquals(message, wrong.getMessage());
    }

    @Test
    void usesRealServersOnlyIfAllVariablesAreSet() {
        var all = Map.of("BOT_TOKEN", "t", "RABBIT_HOST", "r", "REDIS_HOST", "s");
        assertTrue(RealSurroundings.isConfigured(all));
        assertEquals(Optional.empty(), RealSurroundings.missingVariables(all));
        assertEquals(Optional.empty(), RealSurroundings.missingVariables(Map.of()));
        assertEquals(
                "BOT_TOKEN set but not RABBIT_HOST, REDIS_HOST:"
                        + " running against the simulated Discord",
                RealSurroundings.missingVariables(Map.of("BOT_TOKEN", "t", "RABBIT_HOST", ""))
                        .orElseThrow());
    }
}
