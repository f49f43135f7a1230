package loom.dispatch.servers.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of one server. */
public record TemporaryDirectory(Path path) {
    private static final int TAIL_LINES = 15;

    public static TemporaryDirectory create(String name) {
        try {
            return new TemporaryDirectory(Files.createTempDirectory("loom-dispatch-" + name + "-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Writes a file and returns its path. */
    public Path write(String name, String content) {
        try {
            Path file = path.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of a file, for an error message; empty if the file does not exist. */
    String tail(String name) {
        try {
            List<String> lines = Files.readAllLines(path.resolve(name));
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /** Removes the directory. Files that a dying server writes meanwhile may remain. */
    public void delete() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            path.toFile().delete();
        }
    }
}
