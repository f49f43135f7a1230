package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Memory stays flat in an outage. {@code -Doutage.seconds=600} lets it last ten minutes; more than
 * a minute at a tenth of the rate, because the simulator keeps what it could not send.
 */
final class MemoryTest {
    private static final int SECONDS = Integer.getInteger("outage.seconds", 20);
    private static final int EVENTS_PER_SECOND = SECONDS > 60 ? 250 : 2_500;
    private static final long MOST_GROWTH_KB = 32_000;

    // the build's own limit is five minutes
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void memoryStaysFlatWhileRabbitIsAway() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "the resident size is read there");
        try (var stage = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(stage.rabbit().keepsData());
            stage.startImage(Map.of("BACKLOG_MB", "8"));
            stage.awaitReady();
            stage.simulator().events().rate(2_500);
            stage.awaitEvents(10_000);
            stage.rabbit().kill();
            stage.await(
                    "full",
                    () -> {
                        String metrics = stage.image().get("/metrics").body();
                        return metrics.contains("gateway_withholding{shard=\"0\"} 1");
                    });
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            long start = residentKb(stage);
            long[] most = {start};
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            Eventually.await(
                    "the outage is over",
                    Duration.ofSeconds(SECONDS + 10L),
                    () -> {
                        most[0] = Math.max(most[0], residentKb(stage));
                        return System.nanoTime() > end;
                    });
            System.out.printf(
                    "RSS in an outage of %d s: %d kB, at most %d kB more%n",
                    SECONDS, start, most[0] - start);
            assertTrue(most[0] - start <= MOST_GROWTH_KB, () -> start + " to " + most[0] + " kB");
            stage.rabbit().start();
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println("after the outage: " + report);
        }
    }

    private static long residentKb(ImageTestSetup stage) throws Exception {
        for (String line :
                Files.readAllLines(Path.of("/proc/" + stage.image().pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS");
    }
}
