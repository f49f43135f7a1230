package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Messages are the same however their bytes are split. Damage only closes the connection. */
final class TransportScenarioTest {
    private static void assertEventsArrive(GatewayTestSetup scenario, int events)
            throws InterruptedException {
        scenario.simulator().events().rate(400);
        scenario.await(events + " events", () -> scenario.check().report().received() > events);
        scenario.assertNothingLost();
        scenario.assertNoFurtherIdentify();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1000})
    void zlibMessageInFragmentsOfAnySizeArrivesWhole(int bytes) throws Exception {
        try (var scenario = GatewayTestSetup.of(1)) {
            scenario.faults().splitMessages(bytes);
            scenario.startReady();
            assertEventsArrive(scenario, 100);
            assertEquals(1, scenario.recorder().connections().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 1",
        "NONE, 7",
        "ZLIB_STREAM, 1",
        "ZLIB_STREAM, 7",
        "ZLIB_STREAM, 20000",
        "ZSTD_STREAM, 1"
    })
    void continuationFramesAreJoined(Compression compression, int bytes) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).compression(compression)) {
            scenario.faults().fragmentMessages(bytes);
            scenario.startReady();
            assertEventsArrive(scenario, 100);
            assertEquals(1, scenario.recorder().connections().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyMessagesInOneTcpSegmentAreAllRead(Compression compression) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).compression(compression).startReady()) {
            for (int i = 0; i < 5_000; i++) {
                byte[] d = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                scenario.simulator().events().emitRaw(0, "NUMBERED", d);
            }
            scenario.assertNothingLost();
            assertEquals(5_000, scenario.delivered("NUMBERED"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void damagedMessageOnlyClosesConnection(Compression compression) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).compression(compression).startReady()) {
            scenario.faults().corruptNext(_ -> true);
            scenario.simulator().events().rate(200);
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.CORRUPTED) >= 1);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @Test
    void textFrameOnCompressedConnectionOnlyClosesConnection() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            byte[] text = "{\"op\":11,\"d\":null,\"s\":null,\"t\":null}".getBytes();
            scenario.faults().sendFrame(_ -> true, false, text);
            scenario.simulator().events().rate(200);
            scenario.await(
                    "the connection is closed",
                    () -> scenario.closesWith(CloseReason.CORRUPTED) >= 1);
            scenario.awaitResumed(1);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @ParameterizedTest
    @CsvSource({"NONE, 16", "ZLIB_STREAM, 16", "ZLIB_STREAM, 64", "ZSTD_STREAM, 64"})
    void largeMessageArrivesAndItsMemoryIsReleased(Compression compression, int megabytes)
            throws Exception {
        try (var scenario =
                GatewayTestSetup.of(1)
                        .compression(compression)
                        .backlogBytes(1_000_000)
                        .startReady()) {
            byte[] d = ("{\"x\":\"" + "y".repeat(megabytes << 20) + "\"}").getBytes();
            scenario.simulator().events().emitRaw(0, "LARGE", d);
            scenario.simulator().events().emitRaw(0, "AFTER", new byte[] {'{', '}'});
            scenario.await("what comes after it", () -> scenario.delivered("AFTER") == 1);
            scenario.assertNothingLost();
            assertEquals(0, scenario.gateway().backlogBytes());
            assertEquals(1, scenario.recorder().connections().size());
        }
    }
}
