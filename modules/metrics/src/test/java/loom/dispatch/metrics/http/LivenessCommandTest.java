package loom.dispatch.metrics.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.metrics.HealthCheck;
import loom.dispatch.metrics.HttpEndpoint;
import loom.dispatch.metrics.Metrics;
import loom.dispatch.metrics.MonitoringSources;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests the program of the container's HEALTHCHECK. */
final class LivenessCommandTest {
    @Test
    void printsStatusLineOfEachPath() throws Exception {
        InetSocketAddress address;
        try (var endpoint = HttpEndpoint.start(new InetSocketAddress("127.0.0.1", 0), sources())) {
            int port = Integer.parseInt(endpoint.address().split(":")[1]);
            address = LivenessCommand.address(Map.of("PROMETHEUS_PORT", " " + port));
            assertEquals("HTTP/1.1 200 OK", LivenessCommand.ask(address, "/livez"));
            assertTrue(LivenessCommand.ask(address, "/readyz").startsWith("HTTP/1.1 503"));
        }
        assertTrue(LivenessCommand.ask(address, "/livez").startsWith("no answer from /127.0.0.1:"));
    }

    @Test
    void connectsToLoopbackIfServiceListensOnAllAddresses() {
        assertEquals("127.0.0.1", host(Map.of("PROMETHEUS_HOST", "0.0.0.0")));
        assertEquals("0:0:0:0:0:0:0:1", host(Map.of("PROMETHEUS_HOST", "::")));
        assertEquals("127.0.0.2", host(Map.of("PROMETHEUS_HOST", "127.0.0.2")));
        assertEquals(8005, LivenessCommand.address(Map.of()).getPort());
    }

    private static MonitoringSources sources() {
        return new MonitoringSources(
                new Metrics(),
                List::of,
                () -> List.of(new HealthCheck("service", false, "")),
                Optional.empty(),
                Optional.empty());
    }

    private static String host(Map<String, String> environment) {
        return LivenessCommand.address(environment).getAddress().getHostAddress();
    }
}
