package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Discord's API is away while the service starts, and its gateway is not. */
final class ApiOutageTest {
    private static final String API = "/gateway/bot";
    private static final int UNAVAILABLE = 503;

    @Test
    void aRestartResumesEverySessionAndLosesNothing() throws Exception {
        try (var stage = new ImageTestSetup()) {
            // with as many shards as Discord recommends, where it says
            stage.startImage();
            stage.awaitReady();
            stage.simulator().events().rate(500);
            stage.awaitEvents(500);
            stage.image().terminate();
            assertEquals(0, stage.image().awaitExit(Duration.ofSeconds(30)));

            stage.simulator().faults().failRest(API, UNAVAILABLE);
            stage.startImage();
            stage.awaitReady();
            stage.awaitEvents(500);
            assertTrue(
                    stage.image().output().contains("discord.using_saved_answer"),
                    stage.image()::output);
            LedgerCheck.Report report = stage.assertPromiseKept();
            assertEquals(0, report.repeated(), report::toString);
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            assertEquals(ImageTestSetup.SHARDS, stage.simulator().recorder().count(6), "resumes");
        }
    }

    @Test
    void aFirstStartWaitsForIt() throws Exception {
        try (var stage = new ImageTestSetup()) {
            stage.simulator().faults().failRest(API, UNAVAILABLE);
            stage.startImage();
            stage.await(
                    "it is told",
                    () -> stage.image().output().contains("event=discord.unavailable"));
            assertEquals(0, stage.simulator().connectedShards());
            stage.simulator().faults().restoreRest();
            stage.awaitReady();
            stage.simulator().events().rate(200);
            stage.awaitEvents(200);
            stage.assertPromiseKept();
        }
    }
}
