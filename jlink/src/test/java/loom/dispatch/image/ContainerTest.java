package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.image.support.ContainerRootFilesystem;
import loom.dispatch.image.support.ImageProcess;
import loom.dispatch.image.support.ImageTestSetup;

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
 * The container: the Dockerfile is built, where buildah is, and what it describes serves from a
 * root file system that nobody can write to and that holds the image and glibc, and nothing else.
 */
final class ContainerTest {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    private Path folder;

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void theDockerfileBuildsWithoutARegistryAndServesFromABareRoot() throws Exception {
        assumeTrue(
                ContainerRootFilesystem.isPossible() && ContainerRootFilesystem.hasBuildah(),
                "NOT CHECKED: whether the Dockerfile builds, for that needs root and buildah");
        assertServes(ContainerRootFilesystem.built(folder));
    }

    @Test
    void theImageServesFromABareRoot() throws Exception {
        assumeTrue(
                ContainerRootFilesystem.isPossible(),
                "NOT CHECKED: the container's root, for we are not root");
        assertServes(ContainerRootFilesystem.assembled(folder));
    }

    private static void assertServes(ContainerRootFilesystem root) throws Exception {
        try (var stage = new ImageTestSetup()) {
            Map<String, String> environment = new HashMap<>(stage.environment());
            // all addresses, as in a container; here there are no others
            environment.put("PROMETHEUS_HOST", "127.0.0.1");
            stage.use(root.start(environment, root.dockerfile().entrypoint()));
            stage.awaitReady();
            stage.simulator().events().rate(200);
            stage.awaitEvents(200);
            stage.await("/readyz says yes", () -> stage.image().get("/readyz").statusCode() == 200);
            assertHealthCheck(root, stage.image());
            stage.assertPromiseKept();
            assertIdentity(root, stage.image().pid());
            stage.image().terminate();
            assertEquals(
                    0, stage.image().awaitExit(ImageTestSetup.PATIENCE), stage.image()::output);
        }
    }

    /** The HEALTHCHECK's program, in the same root: yes of a service that lives, no of none. */
    private static void assertHealthCheck(ContainerRootFilesystem root, ImageProcess service)
            throws Exception {
        List<String> command = root.dockerfile().healthCheck();
        String port = Integer.toString(service.http().orElseThrow().getPort());
        try (var probe = root.start(Map.of("PROMETHEUS_PORT", port), command)) {
            assertEquals(0, probe.awaitExit(ImageTestSetup.PATIENCE), probe::output);
        }
        try (var probe = root.start(Map.of("PROMETHEUS_PORT", "1"), command)) {
            assertEquals(1, probe.awaitExit(ImageTestSetup.PATIENCE), probe::output);
        }
    }

    /** Process 1 of the container would be Java itself, not root, and could write nothing. */
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
