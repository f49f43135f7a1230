package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.TestTimeouts;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks that the sink of a shard without events is called too. */
final class QuietShardDispatchTest {
    @Test
    void sinkReceivesEmptyBatchesRepeatedly() throws Exception {
        var calls = new AtomicInteger();
        try (var scenario = GatewayTestSetup.of(1)) {
            var gateway =
                    new Gateway(
                            scenario.config(),
                            Map.of(),
                            Map.of(),
                            IdentifyBudget.unlimited(),
                            scenario.listener(),
                            scenario.threads(),
                            TestTimeouts.CALM);
            gateway.start((shard, batch) -> count(calls, gateway, shard, batch));
            try {
                scenario.await("two calls without an event", () -> calls.get() >= 2);
            } finally {
                assertTrue(gateway.drain(Duration.ofSeconds(10)));
            }
        }
    }

    private static void count(
            AtomicInteger calls, Gateway gateway, int shard, List<DispatchEvent> batch) {
        if (batch.isEmpty()) {
            calls.incrementAndGet();
        } else {
            gateway.settled(shard, batch.getLast().position());
        }
    }
}
