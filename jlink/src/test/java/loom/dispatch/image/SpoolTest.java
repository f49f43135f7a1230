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

/** RabbitMQ is away for longer than the memory bears, and the image is killed meanwhile. */
final class SpoolTest {
    private static final int EVENTS_PER_SECOND = 2_500;

    @TempDir private Path folder;

    @Test
    void eventsOnDiskSurviveKillsOfTheImageWhileRabbitIsAway() throws Exception {
        try (var stage = ImageTestSetup.withOwnRabbit()) {
            assumeTrue(
                    stage.rabbit().keepsData(),
                    "NOT TESTED: the stand-in for RabbitMQ forgets what it confirmed");
            // 1 MB is some 400 events in each of four shards
            Map<String, String> spooling =
                    Map.of("SPOOL_DIR", folder.toString(), "BACKLOG_MB", "1");
            stage.startImage(spooling);
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(3_000);
            stage.rabbit().kill();
            awaitSpooled(stage, 3_000_000);
            stage.rabbit().start();
            for (int kill = 0; kill < 3; kill++) {
                // the first start fills, the others find what was left and are replaying it
                stage.image().kill();
                stage.startImage(spooling);
                stage.await("replaying", () -> stage.image().output().contains("spool.started"));
                LockSupport.parkNanos(400_000_000L * (kill + 1));
            }
            stage.awaitEvents(3_000);
            stage.await("direct again", () -> spooledBytes(stage) == 0);
            LedgerCheck.Report report = stage.assertPromiseKept();
            System.out.println("spool and three kills: " + report);
            assertEquals(
                    ImageTestSetup.SHARDS, stage.simulator().recorder().count(2), "identifies");
            assertTrue(stage.image().isRunning());
        }
    }

    /** The window bears more than this memory: no further event comes to show that it is short. */
    @Test
    void whatIsInFlightGoesToDiskWhenItIsAllThatMemoryHolds() throws Exception {
        try (var stage = new ImageTestSetup();
                var way = new FaultProxy(stage.host().host(), stage.host().port())) {
            stage.startImage(spooling(way, Map.of("BACKLOG_MB", "1")));
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(3_000);
            way.stall(TrafficDirection.TO_CLIENT);
            awaitSpooled(stage, 3_000_000);
            way.flow(TrafficDirection.TO_CLIENT);
            stage.await("direct again", () -> spooledBytes(stage) == 0);
            System.out.println("spool of what was in flight: " + stage.assertPromiseKept());
        }
    }

    @Test
    void aDrainTakesWhatIsInFlightToDisk() throws Exception {
        try (var stage = new ImageTestSetup();
                var way = new FaultProxy(stage.host().host(), stage.host().port())) {
            Map<String, String> spooling = spooling(way, Map.of("SHUTDOWN_TIMEOUT", "8"));
            stage.startImage(spooling);
            stage.awaitReady();
            stage.simulator().events().rate(20);
            stage.awaitEvents(100);
            way.stall(TrafficDirection.TO_CLIENT);
            LockSupport.parkNanos(1_000_000_000L);
            stage.image().terminate();
            assertEquals(
                    0,
                    stage.image().awaitExit(Duration.ofSeconds(30)),
                    "nothing is held in memory");
            String ended = stage.image().output();
            assertTrue(ended.contains("event=spool.started"), ended);
            assertTrue(bytesLeft() > 0, "it is on disk");
            way.flow(TrafficDirection.TO_CLIENT);
            stage.startImage(spooling);
            stage.awaitEvents(100);
            stage.await("direct again", () -> spooledBytes(stage) == 0);
            System.out.println("spool of a drain: " + stage.assertPromiseKept());
        }
    }

    private Map<String, String> spooling(FaultProxy way, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("SPOOL_DIR", folder.toString());
        environment.put("RABBIT_PORT", Integer.toString(way.port()));
        return environment;
    }

    private long bytesLeft() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }

    private static void awaitSpooled(ImageTestSetup stage, long bytes) throws Exception {
        stage.await(bytes + " bytes on disk", () -> spooledBytes(stage) >= bytes);
    }

    /** What the image says lies in its spools. */
    private static long spooledBytes(ImageTestSetup stage) throws Exception {
        Matcher line =
                Pattern.compile("(?m)^spool_bytes (\\S+)$")
                        .matcher(stage.image().get("/metrics").body());
        assertTrue(line.find(), "spool_bytes");
        return (long) Double.parseDouble(line.group(1));
    }
}
