package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.GuildShape;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Runs the greatest number of shards of one process, with the simulator in the same process. {@code
 * -Dfleet.seconds=300} runs it for five minutes at Discord's own heartbeat interval.
 */
final class ManyShardsScenarioTest {
    private static final int SHARDS = 1_024;
    private static final Duration LIFE =
            Duration.ofSeconds(Integer.getInteger("fleet.seconds", 10));

    /** At least three heartbeats of each shard, no slower than Discord's. */
    private static final Duration INTERVAL =
            Duration.ofMillis(Math.min(41_250, LIFE.toMillis() / 3));

    private static final double EVENTS_PER_SECOND = 1_000;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void all1024ShardsSendHeartbeatsInTimeAndResumeWithoutIdentify() throws Exception {
        var simulated =
                GatewayTestSetup.discord(SHARDS)
                        // other tests cover the IDENTIFY queue
                        .withMaxConcurrency(SHARDS)
                        .withGuilds(GuildShape.small().perShard(1));
        long began = System.nanoTime();
        try (var scenario =
                GatewayTestSetup.of(simulated).patience(LIFE.plusMinutes(2)).startReady()) {
            String ready = "ready after " + millisSince(began) + " ms, " + footprint();
            scenario.simulator().events().rate(EVENTS_PER_SECOND);
            scenario.heartbeatInterval(INTERVAL);
            scenario.awaitPassing(LIFE);
            scenario.assertNoFurtherConnection();
            double late = latestHeartbeat(scenario);
            assertTrue(late < 1.25, () -> "a heartbeat came after " + late + " intervals");
            String lived = "lived " + LIFE + ", " + footprint();
            long asked = System.nanoTime();
            scenario.faults().requestReconnect(_ -> true);
            scenario.awaitResumed(1);
            long resumed = millisSince(asked);
            scenario.assertNothingLost();
            scenario.assertNoFurtherIdentify();
            assertEquals(2 * SHARDS, scenario.resumes());
            LedgerCheck.Report report = scenario.check().report();
            System.out.printf(
                    "%d shards: %s; %s, the latest heartbeat after %.3f intervals of %s; op"
                            + " 7 to all: resumed after %d ms, %s; %s%n",
                    SHARDS, ready, lived, late, INTERVAL, resumed, footprint(), report);
        }
    }

    /** Returns the longest time between two heartbeats of a ready connection, in intervals. */
    private static double latestHeartbeat(GatewayTestSetup scenario) {
        List<ClientActionRecorder.Connection> live =
                scenario.recorder().connections().stream()
                        .filter(each -> each.closedNanos().isEmpty())
                        .toList();
        assertEquals(SHARDS, live.size());
        return live.stream().mapToLong(ManyShardsScenarioTest::longestGapNanos).max().orElseThrow()
                / (double) INTERVAL.toNanos();
    }

    private static long longestGapNanos(ClientActionRecorder.Connection connection) {
        var beats = connection.frames(Opcode.HEARTBEAT);
        assertTrue(beats.size() >= 2, () -> beats.size() + " heartbeats");
        return IntStream.range(1, beats.size())
                .mapToLong(i -> beats.get(i).nanos() - beats.get(i - 1).nanos())
                .max()
                .orElseThrow();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** Returns the memory of gateway and simulator together; RSS only on Linux. */
    private static String footprint() throws IOException {
        Path status = Path.of("/proc/self/status");
        String rss =
                Files.exists(status)
                        ? Files.readAllLines(status).stream()
                                .filter(line -> line.startsWith("VmRSS"))
                                .map(line -> line.replaceAll("\\s+", " "))
                                .findFirst()
                                .orElse("")
                        : "";
        return Thread.getAllStackTraces().size() + " platform threads, " + rss;
    }
}
