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
 * The day's time may jump, forwards or back: nothing in the gateway waits, limits or judges by it.
 * Nobody can set the machine's clock in a test, so this one reads the sources.
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
    void heartbeatsTimeoutsAndLimitsGoByTheMonotonicClock() throws IOException {
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

    /**
     * The time of the last acknowledgement is shown to operators, and nothing else is done by it.
     */
    private static boolean knowsTheTimeOfDay(Path source) {
        String text = read(source).replace("vitals.acknowledged(Instant.now(), ", "");
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
