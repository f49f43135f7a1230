package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The wait doubles up to its limit, and half of it is jitter. */
final class RetryBackoffTest {
    @ParameterizedTest
    @CsvSource({
        "50, 3000, -5, 50",
        "50, 3000, 0, 50",
        "50, 3000, 1, 50",
        "50, 3000, 2, 100",
        "50, 3000, 6, 1600",
        "50, 3000, 7, 3000",
        "50, 3000, 2147483647, 3000",
        "1000, 60000, 6, 32000",
        "1000, 60000, 7, 60000",
        "7, 7, 9, 7",
        "1, 9223372036854775807, 63, 4611686018427387904",
        "3, 9223372036854775807, 63, 9223372036854775807",
    })
    void doublesUpToTheLimit(long first, long longest, int failures, long most) {
        var backoff = new RetryBackoff(first, longest);
        assertEquals(most, backoff.mostMillis(failures));
        assertEquals(most - most / 2, backoff.leastMillis(failures));
    }

    @Test
    void drawsEveryWaitBetweenHalfAndWhole() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        var backoff = new RetryBackoff(11, 1_000);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long drawn = backoff.delayMillis(1, random);
            least = Math.min(least, drawn);
            most = Math.max(most, drawn);
        }
        assertEquals(6, least, "seed " + seed);
        assertEquals(11, most, "seed " + seed);
        assertTrue(new RetryBackoff(1, 1).delayMillis(1, random) == 1, "seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 5", "2, 1"})
    void rejectsWaitsThatCannotGrow(long first, long longest) {
        assertThrows(IllegalArgumentException.class, () -> new RetryBackoff(first, longest));
    }
}
