package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.proxy.FaultProxy;
import loom.dispatch.servers.proxy.TrafficDirection;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Interrupts RabbitMQ until events wait on disk, and ends the image meanwhile. */
final class SpoolTest {
    private static final int EVENTS_PER_SECOND = 2_500;

    @TempDir private Path folder;

    @Test
    void publishesSpoolAfterKillsDuringRabbitMqOutage() throws Exception {
        try (var setup = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(
                    setup.rabbit().keepsData(),
                    "NOT TESTED: the stand-in for RabbitMQ forgets what it confirmed");
            // 1 MB holds about 400 events of each of the four shards
            Map<String, String> spooling =
                    Map.of("SPOOL_DIR", folder.toString(), "BACKLOG_MB", "1");
            setup.startImage(spooling);
            setup.awaitReady();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitEvents(3_000);
            setup.rabbit().kill();
            awaitSpooled(setup, 3_000_000);
            setup.rabbit().start();
            for (int kill = 0; kill < 3; kill++) {
                // the first start fills the spool; the other starts replay what the previous one
                // left
                setup.image().kill();
                setup.startImage(spooling);
                setup.await("replaying", () -> setup.image().output().contains("spool.started"));
                LockSupport.parkNanos(400_000_000L * (kill + 1));
            }
            setup.awaitEvents(3_000);
            setup.await("spool empty", () -> spooledBytes(setup) == 0);
            LedgerCheck.Report report = setup.assertNoEventLost();
            System.out.println("spool and three kills: " + report);
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
            assertTrue(setup.image().isRunning());
        }
    }

    /**
     * All events in memory are in flight, so no further event arrives that could start the spool.
     */
    @Test
    void spoolsEventsInFlightWhenTheyFillTheBacklog() throws Exception {
        try (var setup = new ImageTestSetup();
                var proxy = new FaultProxy(setup.host().host(), setup.host().port())) {
            setup.startImage(spooling(proxy, Map.of("BACKLOG_MB", "1")));
            setup.awaitReady();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitEvents(3_000);
            proxy.stall(TrafficDirection.TO_CLIENT);
            awaitSpooled(setup, 3_000_000);
            proxy.flow(TrafficDirection.TO_CLIENT);
            setup.await("spool empty", () -> spooledBytes(setup) == 0);
            System.out.println("spool of events in flight: " + setup.assertNoEventLost());
        }
    }

    @Test
    void drainSpoolsEventsInFlight() throws Exception {
        try (var setup = new ImageTestSetup();
                var proxy = new FaultProxy(setup.host().host(), setup.host().port())) {
            Map<String, String> spooling = spooling(proxy, Map.of("SHUTDOWN_TIMEOUT", "8"));
            setup.startImage(spooling);
            setup.awaitReady();
            setup.simulator().events().rate(20);
            setup.awaitEvents(100);
            proxy.stall(TrafficDirection.TO_CLIENT);
            LockSupport.parkNanos(1_000_000_000L);
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(Duration.ofSeconds(30)), "exit code");
            String ended = setup.image().output();
            assertTrue(ended.contains("event=spool.started"), ended);
            assertTrue(bytesLeft() > 0, "bytes on disk");
            proxy.flow(TrafficDirection.TO_CLIENT);
            setup.startImage(spooling);
            setup.awaitEvents(100);
            setup.await("spool empty", () -> spooledBytes(setup) == 0);
            System.out.println("spool of a drain: " + setup.assertNoEventLost());
        }
    }

    private Map<String, String> spooling(FaultProxy proxy, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("SPOOL_DIR", folder.toString());
        environment.put("RABBIT_PORT", Integer.toString(proxy.port()));
        return environment;
    }

    private long bytesLeft() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    private static void awaitSpooled(ImageTestSetup setup, long bytes) throws Exception {
        setup.await(bytes + " bytes on disk", () -> spooledBytes(setup) >= bytes);
    }

    /** Returns the metric {@code spool_bytes}. */
    private static long spooledBytes(ImageTestSetup setup) throws Exception {
        Matcher line =
                Pattern.compile("(?m)^spool_bytes (\\S+)$")
                        .matcher(setup.image().get("/metrics").body());
        assertTrue(line.find(), "spool_bytes");
        return (long) Double.parseDouble(line.group(1));
    }
}
