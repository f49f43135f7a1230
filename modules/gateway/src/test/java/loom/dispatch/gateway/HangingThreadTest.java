package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/**
 * Checks that a hanging shard thread is reported, and that a thread with a reason to wait is not.
 */
final class HangingThreadTest {
    private static final Duration BEYOND = Duration.ofSeconds(1);

    @Test
    void hangingThreadIsReportedUntilItContinues() throws Exception {
        // long before the next heartbeat is due
        try (var scenario = GatewayTestSetup.of(2).startReady()) {
            assertEquals(List.of(), scenario.threads().overdue(BEYOND));
            scenario.hold(1);
            scenario.faults().requestReconnect(shard -> shard == 1);
            scenario.await(
                    "shard 1 hangs",
                    () -> scenario.threads().overdue(BEYOND).equals(List.of("shard-1")));
            scenario.letGo();
            scenario.await("it goes on", () -> scenario.threads().overdue(BEYOND).isEmpty());
            scenario.await("all shards ready", scenario::allReady);
        }
    }

    @Test
    void unavailablePeerMakesNoThreadHang() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).backlogBytes(1).startReady()) {
            // nothing is confirmed, so no further event is read; then Discord is unavailable too
            scenario.holdConfirms();
            scenario.simulator().events().rate(100);
            scenario.await(
                    "withholding", () -> scenario.gateway().snapshots().getFirst().withholding());
            scenario.awaitPassing(BEYOND.multipliedBy(2));
            assertEquals(List.of(), scenario.threads().overdue(BEYOND));
            scenario.faults().refuseConnections(true);
            scenario.faults().requestReconnect(_ -> true);
            scenario.confirmAll();
            scenario.awaitPassing(BEYOND.multipliedBy(2));
            assertEquals(List.of(), scenario.threads().overdue(BEYOND));
        }
    }

    @Test
    void stoppedShardDoesNotHang() throws Exception {
        try (var scenario = GatewayTestSetup.of(1).startReady()) {
            scenario.gateway().drain(Duration.ofSeconds(5));
            scenario.awaitPassing(BEYOND.multipliedBy(2));
            assertEquals(List.of(), scenario.threads().overdue(BEYOND));
        }
    }
}
