package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Receives events over both compressed transports from the simulator, over real sockets. */
final class CompressionScenarioTest {
    private static final List<Compression> STREAMS =
            List.of(Compression.ZLIB_STREAM, Compression.ZSTD_STREAM);

    @Test
    void zstdEventsArriveOnceAndInOrderAcrossResumes() throws Exception {
        try (GatewayTestSetup scenario =
                GatewayTestSetup.of(2).compression(Compression.ZSTD_STREAM)) {
            scenario.startReady();
            scenario.simulator().events().rate(2000);
            for (int round = 1; round <= 3; round++) {
                scenario.faults().reset(_ -> true);
                scenario.awaitResumed(round);
            }
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            assertTrue(
                    scenario.recorder().connections().stream()
                            .allMatch(open -> open.query().contains("compress=zstd-stream")));
        }
    }

    @Test
    void fragmentedZstdMessagesArriveWhole() throws Exception {
        try (GatewayTestSetup scenario =
                GatewayTestSetup.of(2).compression(Compression.ZSTD_STREAM)) {
            scenario.faults().fragmentMessages(7);
            scenario.startReady();
            scenario.simulator().events().rate(500);
            scenario.await("events", () -> scenario.check().report().received() > 300);
            scenario.assertNothingLost();
        }
    }

    @Test
    void damagedStreamIsClosedAndSessionResumed() throws Exception {
        for (Compression stream : STREAMS) {
            try (GatewayTestSetup scenario = GatewayTestSetup.of(1).compression(stream)) {
                scenario.startReady();
                scenario.simulator().events().rate(500);
                byte[] noise = {(byte) 0xDE, (byte) 0xAD, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
                scenario.faults().sendFrame(_ -> true, true, noise);
                scenario.awaitResumed(1);
                byte[] text = "{\"op\":11}".getBytes(StandardCharsets.UTF_8);
                scenario.faults().sendFrame(_ -> true, false, text);
                scenario.awaitResumed(2);
                assertEquals(2, scenario.closesWith(CloseReason.CORRUPTED));
                scenario.assertNothingLost();
                scenario.assertNoFurtherIdentify();
            }
        }
    }

    @Test
    void aMessageOf64MegabytesPassesInBothCompressions() throws Exception {
        byte[] large = ("{\"x\":\"" + "x".repeat(64 * 1024 * 1024) + "\"}").getBytes();
        for (Compression stream : STREAMS) {
            try (GatewayTestSetup scenario =
                    GatewayTestSetup.of(1).compression(stream).backlogBytes(256L * 1024 * 1024)) {
                scenario.startReady();
                scenario.simulator().events().emitRaw(0, "HUGE", large);
                scenario.simulator().events().rate(200);
                scenario.await(
                        "events after it",
                        () ->
                                scenario.delivered("HUGE") == 1
                                        && scenario.check().report().received() > 50);
                scenario.assertNothingLost();
                assertEquals(0, scenario.resumes());
            }
        }
    }
}
