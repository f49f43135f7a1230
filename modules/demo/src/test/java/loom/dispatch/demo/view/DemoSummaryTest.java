package loom.dispatch.demo.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.demo.LauncherScript;
import loom.dispatch.demo.scene.EventPayload;
import loom.dispatch.demo.scene.ShardStatusReader;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Tests the summary, the parsers behind it and the launcher script. */
final class DemoSummaryTest {
    private static DemoSummary of(long missing, long outOfOrder, long wrong, int exitCode) {
        var totals = new LedgerTotals(100, 100, missing, 7, outOfOrder, wrong, 1, 2, List.of());
        return new DemoSummary(true, totals, Duration.ofSeconds(61), 3, exitCode);
    }

    @Test
    void isGoodOnlyWithoutLossInOrderAndWithExitCodeZero() {
        assertTrue(of(0, 0, 0, 0).succeeded());
        assertFalse(of(1, 0, 0, 0).succeeded());
        assertFalse(of(0, 1, 0, 0).succeeded());
        assertFalse(of(0, 0, 1, 0).succeeded());
        assertFalse(of(0, 0, 0, 143).succeeded());
    }

    @Test
    void namesTheFailure() {
        String fine = String.join("\n", of(0, 0, 0, 0).lines(false));
        assertTrue(fine.contains("nothing lost, everything in order"), fine);
        assertTrue(fine.contains("01:01"), fine);
        String broken = String.join("\n", of(2, 0, 0, 0).lines(false));
        assertTrue(broken.contains("events lost, wrong or out of order"), broken);
        assertTrue(String.join("\n", of(0, 0, 0, 1).lines(false)).contains("the image failed"));
    }

    @Test
    void extractsTheEventData() {
        assertArrayEquals(ascii("{\"a\":{}}"), data("{\"op\":0,\"t\":\"X\",\"d\":{\"a\":{}}}"));
        assertEquals(0, data("{\"op\":0,\"t\":\"Y\",\"d\":{}}").length);
        assertEquals(0, data("{\"op\":0,\"t\":\"X\",\"d\":{}").length - 1);
        assertEquals(0, data("").length);
    }

    @Test
    void parsesTheShardStates() {
        String json =
                "[{\"shard\":0,\"status\":\"Connected\",\"latency\":1,\"last_ack\":\"x\"},"
                        + "{\"shard\":1,\"status\":\"Resuming\",\"latency\":0,\"last_ack\":\"x\"}]";
        assertEquals(List.of("Connected", "Resuming"), ShardStatusReader.parse(json));
        assertEquals(List.of(), ShardStatusReader.parse(""));
    }

    @Test
    void launcherQuotesThePathOfJava() {
        String script = LauncherScript.of(Path.of("/opt/jdk's 25/bin/java"));
        assertTrue(script.startsWith("#!/bin/sh\n"), script);
        assertTrue(script.contains("java='/opt/jdk'\\''s 25/bin/java'\n"), script);
    }

    private static byte[] data(String body) {
        return EventPayload.of("X", ascii(body));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
