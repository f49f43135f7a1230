package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.zip.CRC32;

/** Tests that the generator keeps its rate and that the ledger records every byte. */
final class EventGeneratorTest {
    @Test
    void receivedEventsMatchTheLedgerByteForByte() throws Exception {
        try (Simulator simulator =
                        Simulator.start(
                                SimulatorConfig.standard()
                                        .withIdentifyInterval(Duration.ZERO)
                                        .withSeed(7));
                RawGatewayClient client = RawGatewayClient.identify(simulator)) {
            LedgerCheck check = new LedgerCheck(simulator.ledger());
            client.onDispatch((id, type, d) -> {
                CRC32 crc = new CRC32();
                crc.update(d);
                check.received(0, id, type, (int) crc.getValue(), System.nanoTime());
            });
            long startNanos = System.nanoTime();
            simulator.events().rate(10_000).start();
            Eventually.await("20,000 events emitted", () -> simulator.events().emitted() >= 20_000);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            simulator.events().pause();
            LedgerCheck.Report report = check.awaitComplete(Duration.ofSeconds(20));
            assertTrue(report.kept(), report::toString);
            System.out.printf("20,000 events in %.2f s: %s%n", seconds, report);
            assertTrue(seconds > 1.9, "faster than asked: " + seconds);
        }
    }
}
