package loom.dispatch.servers;

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

/** A redis-server program: installed on this machine, or carried along as a resource. */
sealed interface RedisProgram {
    /** For example {@code 7.0.15}. */
    String version();

    /** The program's path; the directory is there for the one that must be unpacked first. */
    Path place(ScratchDirectory directory);

    /** The installed one, or else the one carried along. */
    static RedisProgram best() {
        return Installed.find().map(RedisProgram.class::cast).orElseGet(Carried::new);
    }

    /** Found on the PATH. */
    record Installed(Path path, String version) implements RedisProgram {
        private static final Pattern VERSION = Pattern.compile("v=(\\S+)");

        static Optional<Installed> find() {
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
                    VERSION.matcher(Command.run(List.of(path.toString(), "--version"), Map.of()));
            return version.find() ? version.group(1) : "of unknown version";
        }

        @Override
        public Path place(ScratchDirectory directory) {
            return path;
        }
    }

    /** The statically linked program that org.signal:embedded-redis carries for each platform. */
    record Carried(String version) implements RedisProgram {
        Carried() {
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
        public Path place(ScratchDirectory directory) {
            Path program = directory.resolve("redis-server");
            try (InputStream in =
                    RedisProgram.class.getClassLoader().getResourceAsStream(resource())) {
                if (in == null) {
                    throw new ServerFailure(
                            "no Redis is carried for this platform ("
                                    + resource()
                                    + "): install one");
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
