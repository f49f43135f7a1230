package loom.dispatch.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.app.log.LogRecordFormat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Why a start failed is a line for people, and an object for those who collect objects. */
final class StartFailureTest {
    private static final StartFailure FAILURE =
            new StartFailure(
                    ExitCode.CONFIGURATION,
                    "RABBIT_PORT=\"x\": allowed is port, 1 to 65535\nBOT_TOKEN is missing");

    @Test
    void peopleReadALineForEachError() {
        assertEquals(
                List.of(
                        "loom-dispatch: RABBIT_PORT=\"x\": allowed is port, 1 to 65535",
                        "loom-dispatch: BOT_TOKEN is missing"),
                FAILURE.lines(LogRecordFormat.TEXT).toList());
    }

    @Test
    void aCollectorOfObjectsGetsAnObjectForEachError() throws Exception {
        List<String> lines = FAILURE.lines(LogRecordFormat.JSON_LINES).toList();
        assertEquals(2, lines.size(), lines::toString);
        Map<String, Object> first = JSON.std.mapFrom(lines.getFirst());
        assertEquals("error", first.get("level"));
        assertEquals("service.refused", first.get("event"));
        assertEquals(2L, ((Number) first.get("exit_code")).longValue());
        assertEquals("RABBIT_PORT=\"x\": allowed is port, 1 to 65535", first.get("reason"));
        assertTrue(lines.getLast().contains("BOT_TOKEN is missing"), lines::toString);
    }
}
