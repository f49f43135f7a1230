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

/** Kills and terminates the image while events flow. */
final class KillTest {
    private static final int ROUNDS = 10;
    private static final int EVENTS_PER_SECOND = 2_500;

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

    @Test
    void losesNoEventInTenKillsAtRandomMoments() throws Exception {
        System.out.println("KillTest seed " + seed);
        try (var setup = new ImageTestSetup()) {
            setup.startImage();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitSessionsSaved();
            for (int round = 0; round < ROUNDS; round++) {
                // The first kill comes while the guilds of the new sessions arrive. Then every
                // second kill comes under full load, and the others at a random moment.
                if (round % 2 == 1) {
                    setup.awaitEvents(500);
                }
                if (round > 0) {
                    LockSupport.parkNanos(random.nextLong(2_000_000_000L));
                }
                assertTrue(setup.image().isRunning(), setup.image()::output);
                setup.image().kill();
                setup.startImage();
            }
            setup.awaitReady();
            LedgerCheck.Report report = setup.assertNoEventLost();
            System.out.println("SIGKILL " + ROUNDS + " times: " + report);
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
        }
    }

    @Test
    void losesAndRepeatsNoEventInTenTerminations() throws Exception {
        System.out.println("KillTest seed " + seed);
        try (var setup = new ImageTestSetup()) {
            setup.startImage();
            setup.awaitReady();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitEvents(1_000);
            for (int round = 0; round < ROUNDS; round++) {
                LockSupport.parkNanos(random.nextLong(200_000_000, 1_500_000_000L));
                setup.image().signal(round % 2 == 0 ? "TERM" : "INT");
                assertEquals(
                        0, setup.image().awaitExit(Duration.ofSeconds(30)), setup.image()::output);
                setup.startImage();
                setup.awaitReady();
            }
            LedgerCheck.Report report = setup.assertNoEventLost();
            System.out.println("SIGTERM and SIGINT " + ROUNDS + " times: " + report);
            assertEquals(0, report.repeated(), report::toString);
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
        }
    }
}
