package loom.dispatch.metrics.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Reads a file of the status page out of the module. */
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
