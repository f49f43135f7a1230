package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.gateway.GatewayOpcode;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Tests the effect of the options, and the errors for unknown ones. */
final class SimulatorOptionsTest {
    private static SimulatorOptions parsed(String... arguments) {
        return SimulatorOptions.parse(List.of(arguments));
    }

    @Test
    void optionsSetTheirConfiguration() {
        SimulatorConfig config = parsed("--shards", "7", "--heartbeat-ms", "500").config();
        assertEquals(7, config.shards());
        assertEquals(500, config.heartbeatInterval().toMillis());
        assertEquals(3, parsed("--seconds", "3").end().toSeconds());
    }

    @Test
    void appliesAFaultFromTheStart() throws Exception {
        SimulatorOptions asked =
                parsed("--fault", "hello-interval?ms=7", "--fault", "acks?on=false");
        try (Simulator simulator = Simulator.start(asked.config())) {
            asked.begin(simulator);
            try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
                assertEquals(7, client.next(GatewayOpcode.HELLO).data().get("heartbeat_interval"));
            }
        }
    }

    @Test
    void namesUnknownOptionsAndFaults() {
        for (List<String> bad :
                List.of(
                        List.of("--bananas", "1"),
                        List.of("--shards", "many"),
                        List.of("--faults", "LOCUSTS"),
                        List.of("--port"))) {
            var refused =
                    assertThrows(IllegalArgumentException.class, () -> SimulatorOptions.parse(bad));
            assertTrue(refused.getMessage().contains(bad.getFirst()), refused.getMessage());
        }
    }
}
