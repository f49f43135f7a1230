package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.Map;

/** The container's health check hears what an orchestrator would hear. */
final class ProbeTest {
    @Test
    void hearsTheTruthOfEachPath() throws Exception {
        InetSocketAddress address;
        try (var endpoint =
                HttpEndpoint.start(new InetSocketAddress("127.0.0.1", 0), new Metrics())) {
            int port = Integer.parseInt(endpoint.address().split(":")[1]);
            address = Probe.address(Map.of("PROMETHEUS_PORT", " " + port));
            assertEquals("HTTP/1.1 200 OK", Probe.ask(address, "/livez"));
            assertTrue(Probe.ask(address, "/readyz").startsWith("HTTP/1.1 503"));
        }
        assertTrue(Probe.ask(address, "/livez").startsWith("no answer from /127.0.0.1:"));
    }

    @Test
    void asksAtLoopbackWhereTheServiceListensEverywhere() {
        assertEquals("127.0.0.1", host(Map.of("PROMETHEUS_HOST", "0.0.0.0")));
        assertEquals("0:0:0:0:0:0:0:1", host(Map.of("PROMETHEUS_HOST", "::")));
        assertEquals("127.0.0.2", host(Map.of("PROMETHEUS_HOST", "127.0.0.2")));
        assertEquals(8005, Probe.address(Map.of()).getPort());
    }

    private static String host(Map<String, String> environment) {
        return Probe.address(environment).getAddress().getHostAddress();
    }
}
