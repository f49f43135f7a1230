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
 * Measures the image's memory in an outage of RabbitMQ. {@code -Doutage.seconds=600} lets the
 * outage last ten minutes. More than a minute runs at a tenth of the rate, because the simulator
 * keeps the events that it could not send.
 */
final class MemoryTest {
    private static final int SECONDS = Integer.getInteger("outage.seconds", 20);
    private static final int EVENTS_PER_SECOND = SECONDS > 60 ? 250 : 2_500;
    private static final long MOST_GROWTH_KB = 32_000;

    // the default limit of five minutes is too short for -Doutage.seconds
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void memoryStaysFlatInRabbitMqOutage() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "the resident size is read there");
        try (var setup = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(setup.rabbit().keepsData());
            setup.startImage(Map.of("BACKLOG_MB", "8"));
            setup.awaitReady();
            setup.simulator().events().rate(2_500);
            setup.awaitEvents(10_000);
            setup.rabbit().kill();
            setup.await(
                    "full",
                    () -> {
                        String metrics = setup.image().get("/metrics").body();
                        return metrics.contains("gateway_withholding{shard=\"0\"} 1");
                    });
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            long start = residentKb(setup);
            long[] most = {start};
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            Eventually.await(
                    "the outage is over",
                    Duration.ofSeconds(SECONDS + 10L),
                    () -> {
                        most[0] = Math.max(most[0], residentKb(setup));
                        return System.nanoTime() > end;
                    });
            System.out.printf(
                    "RSS in an outage of %d s: %d kB, at most %d kB more%n",
                    SECONDS, start, most[0] - start);
            assertTrue(most[0] - start <= MOST_GROWTH_KB, () -> start + " to " + most[0] + " kB");
            setup.rabbit().start();
            LedgerCheck.Report report = setup.assertNoEventLost();
            System.out.println("after the outage: " + report);
        }
    }

    private static long residentKb(ImageTestSetup setup) throws Exception {
        for (String line :
                Files.readAllLines(Path.of("/proc/" + setup.image().pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS");
    }
}
