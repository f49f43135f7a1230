package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tests that the image loads its only native library. */
final class ZstdCompressionTest {
    @Test
    void decompressesZstdWithoutTemporaryFolderAndWithoutWarning() throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.startImage(
                    Map.of(
                            "GATEWAY_COMPRESSION",
                            "zstd-stream",
                            "JAVA_OPTS",
                            "-Djava.io.tmpdir=/proc --illegal-native-access=deny"));
            setup.awaitReady();
            setup.simulator().events().rate(1000);
            setup.awaitEvents(2000);
            setup.assertNoEventLost();
            assertFalse(setup.image().output().contains("WARNING"), setup.image()::output);
            assertTrue(
                    setup.simulator().recorder().connections().stream()
                            .allMatch(open -> open.query().contains("compress=zstd-stream")));
        }
    }

    @Test
    void imageHasOnlyTheLibraryOfItsPlatform() throws IOException {
        try (Stream<Path> files = Files.list(LinkedImage.HOME.resolve("lib"))) {
            List<String> libraries =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.contains("zstd"))
                            .toList();
            assertTrue(
                    libraries.size() == 1 && libraries.getFirst().endsWith(".so"),
                    libraries::toString);
        }
    }
}
