package loom.dispatch.servers.redis;

import loom.dispatch.servers.ServerFailure;
import loom.dispatch.servers.process.ShellCommand;
import loom.dispatch.servers.process.TemporaryDirectory;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A redis-server program: installed on this machine or bundled as a resource. */
public sealed interface RedisBinary {
    /** For example {@code 7.0.15}. */
    String version();

    /** The path of the program. A bundled program is unpacked into the directory. */
    Path place(TemporaryDirectory directory);

    /** The installed program, or else the bundled one. */
    static RedisBinary best() {
        return Installed.find().map(RedisBinary.class::cast).orElseGet(Bundled::new);
    }

    /** A program on the PATH. */
    record Installed(Path path, String version) implements RedisBinary {
        private static final Pattern VERSION = Pattern.compile("v=(\\S+)");

        public static Optional<Installed> find() {
            String search = System.getenv().getOrDefault("PATH", "");
            return Arrays.stream(
                            (search + File.pathSeparator + "/usr/bin").split(File.pathSeparator))
                    .map(bin -> Path.of(bin, "redis-server"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .map(path -> new Installed(path, versionOf(path)));
        }

        private static String versionOf(Path path) {
            Matcher version =
                    VERSION.matcher(
                            ShellCommand.run(List.of(path.toString(), "--version"), Map.of()));
            return version.find() ? version.group(1) : "of unknown version";
        }

        @Override
        public Path place(TemporaryDirectory directory) {
            return path;
        }
    }

    /** The statically linked program in org.signal:embedded-redis for this platform. */
    record Bundled(String version) implements RedisBinary {
        public Bundled() {
            this("7.0.15");
        }

        private String resource() {
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String arch = System.getProperty("os.arch");
            return "redis-server-%s-%s-%s"
                    .formatted(
                            version,
                            os.contains("mac") ? "darwin" : os,
                            switch (arch) {
                                case "x86_64" -> "amd64";
                                case "aarch64" -> "arm64";
                                default -> arch;
                            });
        }

        @Override
        public Path place(TemporaryDirectory directory) {
            Path program = directory.resolve("redis-server");
            try (InputStream in =
                    RedisBinary.class.getClassLoader().getResourceAsStream(resource())) {
                if (in == null) {
                    throw new ServerFailure(
                            "no Redis is bundled for this platform ("
                                    + resource()
                                    + "): install Redis");
                }
                Files.copy(in, program);
                Files.setPosixFilePermissions(
                        program, PosixFilePermissions.fromString("rwx------"));
                return program;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
