package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageProcess;
import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Two processes for the same shards: one works, the other stands by and takes over. */
final class StandbyTakeoverTest {
    @Test
    void theSecondProcessPublishesNothingAndTakesOverWhatTheFirstLeavesWithoutLossOrRepeat()
            throws Exception {
        try (var stage = new ImageTestSetup()) {
            stage.startImage();
            stage.awaitReady();
            stage.simulator().events().rate(500);
            stage.awaitEvents(500);
            try (var second = ImageProcess.start(stage.environment())) {
                stage.await("it stands by", () -> second.output().contains("lease.waiting"));
                assertEquals(503, second.get("/readyz").statusCode());
                assertTrue(
                        second.get("/readyz").body().contains("are held by process"),
                        second.get("/readyz")::body);
                stage.awaitEvents(500);
                assertEquals(ImageTestSetup.SHARDS, stage.simulator().connectedShards());
                assertEquals(0, stage.simulator().recorder().count(6), "nobody resumed yet");
                stage.image().terminate();
                assertEquals(0, stage.image().awaitExit(Duration.ofSeconds(30)));
                stage.await("the second is ready", () -> second.get("/readyz").statusCode() == 200);
                stage.awaitEvents(500);
                LedgerCheck.Report report = stage.assertPromiseKept();
                assertEquals(0, report.repeated(), report::toString);
                assertEquals(
                        ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            }
        }
    }
}
