package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageProcess;
import loom.dispatch.image.support.ImageTestSetup;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The one native library in the image is found, without a warning and without unpacking it. */
final class ZstdCompressionTest {
    @Test
    void zstdWorksWithoutATemporaryFolderAndWithoutAWarning() throws Exception {
        try (var stage = new ImageTestSetup()) {
            stage.startImage(
                    Map.of(
                            "GATEWAY_COMPRESSION",
                            "zstd-stream",
                            "JAVA_OPTS",
                            "-Djava.io.tmpdir=/proc --illegal-native-access=deny"));
            stage.awaitReady();
            stage.simulator().events().rate(1000);
            stage.awaitEvents(2000);
            stage.assertPromiseKept();
            assertFalse(stage.image().output().contains("WARNING"), stage.image()::output);
            assertTrue(
                    stage.simulator().recorder().connections().stream()
                            .allMatch(open -> open.query().contains("compress=zstd-stream")));
        }
    }

    @Test
    void theImageHasTheLibraryOfItsOwnPlatformOnly() throws IOException {
        try (Stream<Path> files = Files.list(ImageProcess.IMAGE.resolve("lib"))) {
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
