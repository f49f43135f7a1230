package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Runs a fuzz target for two seconds, or {@code -Dfuzz.seconds=N}.
 *
 * <p>Each case has its own seed. A failure names it, and {@code -Dfuzz.seed=N} starts with that
 * case. Inputs that failed once are in {@code found.txt}: the target's name and the input in
 * hexadecimal digits.
 */
public final class FuzzRunner {
    /**
     * The longest time of the last case after the run has ended. The frame path needs up to 20 s.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One case, which takes all randomness from the given source. */
    @FunctionalInterface
    public interface Target {
        void run(RandomGenerator random) throws Exception;
    }

    private FuzzRunner() {}

    public static void run(String name, Target target) {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Duration lasts = Duration.ofSeconds(Long.getLong("fuzz.seconds", 2));
        System.out.println("fuzzing " + name + ", seed " + seed);
        AtomicLong current = new AtomicLong(seed);
        long end = System.nanoTime() + lasts.toNanos();
        // on its own thread, so that a case that never ends is reported too
        assertTimeoutPreemptively(
                lasts.plus(PATIENCE),
                () -> {
                    do {
                        one(name, target, current.get());
                        current.incrementAndGet();
                    } while (System.nanoTime() < end);
                },
                () -> name + " hangs, repeat by -Dfuzz.seed=" + current);
        System.out.println("fuzzed " + name + ", " + (current.get() - seed) + " cases");
    }

    private static void one(String name, Target target, long seed) {
        try {
            target.run(new SplittableRandom(seed));
        } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(name + " fails, repeat by -Dfuzz.seed=" + seed, e);
        }
    }

    /** Returns the messages of the corpus: the protocol's samples and unusual ones. */
    public static List<byte[]> envelopes() {
        return lines("envelopes.txt").stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Returns the inputs on which this target failed once. */
    public static List<byte[]> found(String target) {
        List<byte[]> found = new ArrayList<>();
        for (String line : lines("found.txt")) {
            String[] parts = line.split(" ");
            if (parts[0].equals(target)) {
                found.add(HexFormat.of().parseHex(parts[1]));
            }
        }
        return found;
    }

    private static List<String> lines(String file) {
        try (var in = FuzzRunner.class.getResourceAsStream("fuzz/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
