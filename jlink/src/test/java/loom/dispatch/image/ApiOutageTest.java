package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Starts the image while Discord's REST API is unavailable and its gateway is available. */
final class ApiOutageTest {
    private static final String API = "/gateway/bot";
    private static final int UNAVAILABLE = 503;

    @Test
    void restartResumesEverySessionAndLosesNoEvent() throws Exception {
        try (var setup = new ImageTestSetup()) {
            // without SHARDS_TOTAL the image asks the API for the shard count
            setup.startImage();
            setup.awaitReady();
            setup.simulator().events().rate(500);
            setup.awaitEvents(500);
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(Duration.ofSeconds(30)));

            setup.simulator().faults().failRest(API, UNAVAILABLE);
            setup.startImage();
            setup.awaitReady();
            setup.awaitEvents(500);
            assertTrue(
                    setup.image().output().contains("discord.using_saved_answer"),
                    setup.image()::output);
            LedgerCheck.Report report = setup.assertNoEventLost();
            assertEquals(0, report.repeated(), report::toString);
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
            assertEquals(ImageTestSetup.SHARDS, setup.simulator().recorder().count(6), "resumes");
        }
    }

    @Test
    void firstStartWaitsForTheApi() throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.simulator().faults().failRest(API, UNAVAILABLE);
            setup.startImage();
            setup.await(
                    "it is told",
                    () -> setup.image().output().contains("event=discord.unavailable"));
            assertEquals(0, setup.simulator().connectedShards());
            setup.simulator().faults().restoreRest();
            setup.awaitReady();
            setup.simulator().events().rate(200);
            setup.awaitEvents(200);
            setup.assertNoEventLost();
        }
    }
}
