package loom.dispatch.metrics.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Reads the status page's files from the module's resources. */
final class StatusPageFiles {
    private StatusPageFiles() {}

    static byte[] read(String name) {
        try (InputStream file =
                Objects.requireNonNull(
                        StatusPageFiles.class.getResourceAsStream("page/" + name), name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
