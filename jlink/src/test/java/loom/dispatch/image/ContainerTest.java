package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ContainerRootFilesystem;
import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.servers.process.ImageProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Builds the Dockerfile with buildah, and runs the container from a read-only root file system that
 * holds only the image and glibc.
 */
final class ContainerTest {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void dockerfileBuildsWithoutRegistryAndContainerServes() throws Exception {
        assumeTrue(
                ContainerRootFilesystem.isPossible() && ContainerRootFilesystem.hasBuildah(),
                "NOT TESTED: the Dockerfile, because its build needs root and buildah");
        assertServes(ContainerRootFilesystem.built(folder));
    }

    @Test
    void servesFromRootWithOnlyImageAndGlibc() throws Exception {
        assumeTrue(
                ContainerRootFilesystem.isPossible(),
                "NOT TESTED: the container, because this needs root");
        assertServes(ContainerRootFilesystem.assembled(folder));
    }

    private static void assertServes(ContainerRootFilesystem root) throws Exception {
        try (var setup = new ImageTestSetup()) {
            Map<String, String> environment = new HashMap<>(setup.environment());
            // the Dockerfile listens on all addresses; a test listens only on loopback
            environment.put("PROMETHEUS_HOST", "127.0.0.1");
            setup.use(root.start(environment, root.dockerfile().entrypoint()));
            setup.awaitReady();
            setup.simulator().events().rate(200);
            setup.awaitEvents(200);
            setup.await(
                    "/readyz answers 200", () -> setup.image().get("/readyz").statusCode() == 200);
            assertHealthCheck(root, setup.image());
            setup.assertNoEventLost();
            assertIdentity(root, setup.image().pid());
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT), setup.image()::output);
        }
    }

    /** Runs the HEALTHCHECK: exit code 0 for a running service, 1 for none. */
    private static void assertHealthCheck(ContainerRootFilesystem root, ImageProcess service)
            throws Exception {
        List<String> command = root.dockerfile().healthCheck();
        String port = Integer.toString(service.http().orElseThrow().getPort());
        try (var probe = root.start(Map.of("PROMETHEUS_PORT", port), command)) {
            assertEquals(0, probe.awaitExit(ImageTestSetup.TIMEOUT), probe::output);
        }
        try (var probe = root.start(Map.of("PROMETHEUS_PORT", "1"), command)) {
            assertEquals(1, probe.awaitExit(ImageTestSetup.TIMEOUT), probe::output);
        }
    }

    /** Checks that process 1 is Java, that its user is not root, and that there is no shell. */
    private static void assertIdentity(ContainerRootFilesystem root, long pid) throws Exception {
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
        assertTrue(status.contains("Name:\tjava"), status::toString);
        String user = root.dockerfile().user();
        assertTrue(
                status.stream().anyMatch(line -> line.startsWith("Uid:\t" + user + "\t")),
                status::toString);
        for (String shell : List.of("bin/sh", "usr/bin/sh", "bin/bash", "usr/bin/env")) {
            assertFalse(Files.exists(root.folder().resolve(shell)), shell);
        }
    }
}
