package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.build.SoftwareBillOfMaterials;
import loom.dispatch.image.support.LinkedImage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Tests the tarball that {@code mvn package} makes. */
final class TarballTest {
    private static final Path TARBALL = Path.of(System.getProperty("tarball"));
    private static final Path PACK = Path.of("pack").toAbsolutePath();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir private Path folder;

    private static String run(Path program, Map<String, String> environment, Object... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try (var process = LinkedImage.run(command, environment)) {
            assertEquals(0, process.awaitExit(TIMEOUT), process::output);
            return process.output();
        }
    }

    private static String run(String program, Object... arguments) throws Exception {
        return run(Path.of(program), System.getenv(), arguments);
    }

    private Path unpacked() throws Exception {
        run("tar", "-C", folder, "-xzf", TARBALL);
        String name = TARBALL.getFileName().toString();
        return folder.resolve(name.substring(0, name.length() - ".tar.gz".length()));
    }

    @Test
    void checksumFileMatchesTarball() throws Exception {
        String sum = run("sha256sum", TARBALL).split(" ")[0];
        assertEquals(
                sum + "  " + TARBALL.getFileName() + "\n",
                Files.readString(Path.of(TARBALL + ".sha256")));
    }

    @Test
    void packingAgainElsewhereAndLaterGivesTheSameBytes() throws Exception {
        Path copy = unpacked();
        Files.setLastModifiedTime(copy.resolve("bin/java"), FileTime.from(Instant.now()));
        run("chmod", "-R", "o-rwx", copy);
        Path again = Files.createDirectory(folder.resolve("again")).resolve(TARBALL.getFileName());
        run(PACK, System.getenv(), copy, again, System.getProperty("build.time"));
        assertEquals(-1, Files.mismatch(TARBALL, again));
    }

    @Test
    void unpackedImageStartsThroughLinkWithItsAotCache() throws Exception {
        Path image = unpacked();
        Path link =
                Files.createSymbolicLink(
                        folder.resolve("command"), image.resolve("bin/loom-dispatch"));
        Map<String, String> bare = Map.of("PATH", "/usr/bin:/bin", "JAVA_OPTS", "-Xlog:aot");
        String output = run(link, bare, "version");
        assertTrue(output.contains("loom-dispatch "), output);
        if (Files.exists(image.resolve("lib/loom-dispatch.aot"))) {
            assertTrue(output.contains("Mapped static  region"), output);
        }
    }

    @Test
    void billOfMaterialsNamesLinkedLibrariesAndTheirLicencesAreIncluded() throws Exception {
        Path image = unpacked();
        String terms = Files.readString(image.resolve("legal/third-party/README.md"));
        var names = new TreeSet<String>();
        for (Object each : (List<?>) SoftwareBillOfMaterials.read().get("components")) {
            Map<?, ?> component = (Map<?, ?>) each;
            String name = (String) component.get("name");
            if (!"dev.loomdispatch".equals(component.get("group"))) {
                assertTrue(component.get("licenses") != null, () -> name + " has no licence");
                names.add(name);
            }
        }
        assertTrue(names.remove("openjdk"), names::toString);
        for (String name : names) {
            assertTrue(terms.matches("(?s).*[|,] " + name + "[ ,].*"), name);
        }
        assertTrue(names.containsAll(List.of("jedis", "amqp-client", "zstd-jni")), names::toString);
        for (String file :
                List.of("jackson-core/NOTICE", "slf4j-api/LICENSE.txt", "apache-2.0.txt")) {
            assertTrue(Files.exists(image.resolve("legal/third-party").resolve(file)), file);
        }
        assertTrue(Files.exists(image.resolve("legal/java.base/LICENSE")));
        assertTrue(Files.exists(image.resolve("legal/loom-dispatch/LICENSE")));
    }
}
