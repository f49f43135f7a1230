package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Starts two processes for the same shards: one publishes, the other is the standby. */
final class StandbyTakeoverTest {
    @Test
    void standbyPublishesNothingAndTakesOverWithoutLossOrRepeat() throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.startImage();
            setup.awaitReady();
            setup.simulator().events().rate(500);
            setup.awaitEvents(500);
            try (var second = LinkedImage.start(setup.environment())) {
                setup.await("it stands by", () -> second.output().contains("lease.waiting"));
                assertEquals(503, second.get("/readyz").statusCode());
                assertTrue(
                        second.get("/readyz").body().contains("are held by process"),
                        second.get("/readyz")::body);
                setup.awaitEvents(500);
                assertEquals(ImageTestSetup.SHARDS, setup.simulator().connectedShards());
                assertEquals(0, setup.simulator().recorder().count(6), "nobody resumed yet");
                setup.image().terminate();
                assertEquals(0, setup.image().awaitExit(Duration.ofSeconds(30)));
                setup.await("the second is ready", () -> second.get("/readyz").statusCode() == 200);
                setup.awaitEvents(500);
                LedgerCheck.Report report = setup.assertNoEventLost();
                assertEquals(0, report.repeated(), report::toString);
                assertEquals(
                        ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
            }
        }
    }
}
