package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks that no wait, limit or decision of the gateway uses the wall clock, which may jump. A test
 * cannot set the machine's clock, so this one reads the sources.
 */
final class WallClockJumpTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final List<String> CLOCKS_OF_THE_DAY =
            List.of(
                    "currentTimeMillis",
                    "Instant.now",
                    "LocalDateTime.now",
                    "ZonedDateTime.now",
                    "OffsetDateTime.now",
                    "Clock.system",
                    "new Date(",
                    "new Timer(");

    @Test
    void heartbeatsTimeoutsAndLimitsUseMonotonicClock() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            assertTrue(
                    sources.stream().anyMatch(WallClockJumpTest::isMonotonic), "System.nanoTime");
            assertEquals(
                    List.of(),
                    sources.stream().filter(WallClockJumpTest::knowsTheTimeOfDay).toList());
        }
    }

    private static boolean isMonotonic(Path source) {
        return read(source).contains("System.nanoTime")
                || read(source).contains("System::nanoTime");
    }

    /** These classes only show operators the time of the last acknowledgement. */
    private static boolean knowsTheTimeOfDay(Path source) {
        String text = read(source).replace("stats.acknowledged(Instant.now(), ", "");
        return CLOCKS_OF_THE_DAY.stream().anyMatch(text::contains);
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
