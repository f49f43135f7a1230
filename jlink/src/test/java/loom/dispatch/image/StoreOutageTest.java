package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.util.concurrent.locks.LockSupport;

/** RabbitMQ and Redis go away under load and come back: nothing is lost, heartbeats go on. */
final class StoreOutageTest {
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final long AWAY_NANOS = 3_000_000_000L;
    private static final double HEARTBEAT_INTERVALS = 1.2;

    private interface Outage {
        void happen(ImageTestSetup stage) throws Exception;
    }

    private static void survives(String what, Outage outage) throws Exception {
        try (var stage = ImageTestSetup.withOwnRabbit()) {
            stage.startImage();
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(3_000);
            outage.happen(stage);
            stage.awaitEvents(3_000);
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println(what + ": " + report);
            stage.assertHeartbeatsOnTime(HEARTBEAT_INTERVALS);
            assertTrue(stage.image().isRunning());
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            assertEquals(0, stage.simulator().recorder().count(6), "no connection was lost");
        }
    }

    private static void assumeKeepsData(ImageTestSetup stage) {
        assumeTrue(
                stage.rabbit().keepsData(),
                "NOT TESTED: the stand-in for RabbitMQ forgets what it confirmed when it ends");
    }

    @Test
    void rabbitThatIsKilledComesBackToEverything() throws Exception {
        survives(
                "RabbitMQ killed",
                stage -> {
                    assumeKeepsData(stage);
                    stage.rabbit().kill();
                    LockSupport.parkNanos(AWAY_NANOS);
                    stage.rabbit().start();
                });
    }

    @Test
    void rabbitThatIsStoppedComesBackToEverything() throws Exception {
        survives(
                "RabbitMQ stopped",
                stage -> {
                    assumeKeepsData(stage);
                    stage.rabbit().stop();
                    LockSupport.parkNanos(AWAY_NANOS);
                    stage.rabbit().start();
                });
    }

    @Test
    void redisThatIsKilledHoldsNothingUpAndLosesNoCheckpoint() throws Exception {
        survives(
                "Redis killed",
                stage -> {
                    stage.redis().kill();
                    LockSupport.parkNanos(AWAY_NANOS);
                    stage.redis().start();
                });
    }

    @Test
    void redisThatIsStoppedHoldsNothingUpAndLosesNoCheckpoint() throws Exception {
        survives(
                "Redis stopped",
                stage -> {
                    stage.redis().stop();
                    LockSupport.parkNanos(AWAY_NANOS);
                    stage.redis().start();
                });
    }
}
