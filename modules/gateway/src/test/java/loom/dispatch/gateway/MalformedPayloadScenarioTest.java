package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Checks that payloads of unexpected types are forwarded byte for byte, and that the stream
 * continues.
 */
final class MalformedPayloadScenarioTest {
    private static final List<String> TYPES =
            List.of("PRESENCE_UPDATE", "GUILD_CREATE", "MESSAGE_CREATE", "NEVER_HEARD_OF");

    private static void assertForwarded(byte[] d) throws InterruptedException {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            for (String type : TYPES) {
                scenario.simulator().events().emitRaw(0, type, d);
            }
            scenario.simulator().events().emitRaw(0, "AFTER", new byte[] {'{', '}'});
            scenario.await("what comes after it", () -> scenario.delivered("AFTER") == 1);
            for (String type : TYPES) {
                byte[] forwarded =
                        scenario.delivered().stream()
                                .filter(event -> event.type().equals(type))
                                .toList()
                                .getLast()
                                .data();
                assertArrayEquals(d, forwarded, type);
            }
            scenario.assertNothingLost();
            assertEquals(1, scenario.recorder().connections().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "7",
                "\"text\"",
                "[]",
                "[{\"guild_id\":\"1\"},null]",
                "{}",
                "{\"user\":7,\"guild_id\":null,\"status\":[],\"activities\":\"junk\"}",
                "{\"guild_id\":12345,\"id\":{}}",
                "{\"guild_id\":\"not a snowflake\",\"id\":\"\"}",
                "{\"guild_id\":\"99999999999999999999999999\"}",
                "{\"activities\":[{\"application_id\":1,\"created_at\":1e999}]}",
                "{\"n\":123456789012345678901234567890.5e-400}",
                "{\"s\":5,\"t\":\"READY\",\"op\":9,\"d\":{\"op\":7}}",
                "{\"x\":\"}]\\\"\\\\\",\"\\u0064\":\"\\ud800\"}"
            })
    void unexpectedPayloadIsForwardedUnchanged(String d) throws Exception {
        assertForwarded(d.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void invalidUtf8IsForwardedUnchanged() throws Exception {
        assertForwarded("{\"name\":\"caf\u00e9 \u00ff\"}".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void thousandLevelsOfNestingAreForwardedUnchanged() throws Exception {
        assertForwarded(("[".repeat(1_000) + "]".repeat(1_000)).getBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":\"X\",\"s\":null,\"op\":0,\"d\":{}}",
                "{\"t\":null,\"s\":7,\"op\":0,\"d\":{}}",
                "{\"t\":\"X\",\"s\":\"7\",\"op\":0,\"d\":{}}",
                "{\"d\":{}}",
                "[]",
                "{",
                "junk"
            })
    void malformedEnvelopeOnlyClosesConnection(String message) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().sendRaw(_ -> true, message.getBytes(StandardCharsets.UTF_8));
            scenario.awaitResumed(1);
            assertEquals(1, scenario.closesWith(CloseReason.CORRUPTED));
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":11}",
                "{\"op\":11,\"d\":{\"_trace\":[]},\"s\":null,\"t\":null,\"new\":[1,2]}",
                "{\"op\":99,\"d\":{\"x\":1},\"s\":null,\"t\":null}",
                "{\"d\":[],\"t\":null,\"op\":12,\"s\":null}"
            })
    void unknownOpcodesAndFieldsAreIgnored(String message) throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.faults().sendRaw(_ -> true, message.getBytes(StandardCharsets.UTF_8));
            scenario.simulator().events().emitRaw(0, "AFTER", new byte[] {'{', '}'});
            scenario.await("what comes after it", () -> scenario.delivered("AFTER") == 1);
            assertEquals(1, scenario.recorder().connections().size());
            scenario.assertNothingLost();
        }
    }
}
