package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Whatever ends the image, no event is lost and each shard's events arrive in order. */
final class KillTest {
    private static final int ROUNDS = 10;
    private static final int EVENTS_PER_SECOND = 2_500;

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    @Test
    void tenKillsAtRandomMomentsLoseNothingAndKeepTheOrder() throws Exception {
        System.out.println("KillTest seed " + seed);
        try (var stage = new ImageTestSetup()) {
            stage.startImage();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitSaved();
            for (int round = 0; round < ROUNDS; round++) {
                // the first comes while the guilds of the new sessions are still on their way, then
                // one into full work and one at whatever is going on by turns
                if (round % 2 == 1) {
                    stage.awaitEvents(500);
                }
                if (round > 0) {
                    LockSupport.parkNanos(random.nextLong(2_000_000_000L));
                }
                assertTrue(stage.image().isRunning(), stage.image()::output);
                stage.image().kill();
                stage.startImage();
            }
            stage.awaitReady();
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println("SIGKILL " + ROUNDS + " times: " + report);
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
        }
    }

    @Test
    void tenTerminationsLoseAndRepeatNothing() throws Exception {
        System.out.println("KillTest seed " + seed);
        try (var stage = new ImageTestSetup()) {
            stage.startImage();
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(1_000);
            for (int round = 0; round < ROUNDS; round++) {
                LockSupport.parkNanos(random.nextLong(200_000_000, 1_500_000_000L));
                stage.image().signal(round % 2 == 0 ? "TERM" : "INT");
                assertEquals(
                        0, stage.image().awaitExit(Duration.ofSeconds(30)), stage.image()::output);
                stage.startImage();
                stage.awaitReady();
            }
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println("SIGTERM and SIGINT " + ROUNDS + " times: " + report);
            assertEquals(0, report.repeated(), report::toString);
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
        }
    }
}
