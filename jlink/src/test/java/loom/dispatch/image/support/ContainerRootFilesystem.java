package loom.dispatch.image.support;

import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A root file system for the container, and the way to run a command in it: read-only, as the
 * Dockerfile's user, with a /proc and three devices, and no other program. Needs Linux and root.
 */
public record ContainerRootFilesystem(Path folder, DockerfileReader dockerfile) {
    private static final Path BUILD = Path.of("container").toAbsolutePath();
    private static final Path GLIBC = Path.of("glibc").toAbsolutePath();
    private static final Path CHROOT = Path.of("/usr/sbin/chroot");
    private static final Path UNSHARE = Path.of("/usr/bin/unshare");

    /**
     * Limit of the build: Maven compiles and links all modules again, a minute on an idle machine.
     */
    private static final Duration BUILD_PATIENCE = Duration.ofMinutes(10);

    private static final Duration COPY_PATIENCE = Duration.ofMinutes(1);

    /**
     * Runs a command in a new mount namespace; $0 is the root, $1 the user, the rest the command.
     */
    private static final String ENTER =
            """
            set -e
            mount --bind "$0" "$0"
            mount -t proc proc "$0/proc"
            mount -t tmpfs -o size=1m tmpfs "$0/dev"
            for device in null random urandom; do
                : > "$0/dev/$device"
                mount --bind "/dev/$device" "$0/dev/$device"
            done
            mount -o remount,bind,ro "$0"
            user=$1
            shift
            exec chroot --userspec="$user:$user" "$0" "$@"
            """;

    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
                && Files.isExecutable(CHROOT)
                && Files.isExecutable(UNSHARE);
    }

    public static boolean hasBuildah() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "buildah")));
    }

    /** Builds the Dockerfile with buildah and without a registry. */
    public static ContainerRootFilesystem built(Path folder) throws Exception {
        run(BUILD_PATIENCE, BUILD.toString(), folder.toString(), System.getProperty("repository"));
        return open(folder);
    }

    /** Copies glibc and this image to a new root, without the Dockerfile. */
    public static ContainerRootFilesystem assembled(Path folder) throws Exception {
        run(COPY_PATIENCE, GLIBC.toString(), folder.toString());
        Path opt = Files.createDirectories(folder.resolve("opt/loom-dispatch"));
        run(COPY_PATIENCE, "cp", "-a", LinkedImage.HOME + "/.", opt.toString());
        return open(folder);
    }

    /** Lets every user enter the root, because the temporary folder is private. */
    private static ContainerRootFilesystem open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ContainerRootFilesystem(folder, DockerfileReader.read());
    }

    private static void run(Duration patience, String... command) throws Exception {
        try (var process = LinkedImage.run(List.of(command), System.getenv())) {
            int code = process.awaitExit(patience);
            if (code != 0) {
                throw new IOException(String.join(" ", command) + "\n" + process.output());
            }
        }
    }

    /** Starts a command in the root with only these variables. */
    public ImageProcess start(Map<String, String> environment, List<String> command) {
        List<String> words = new ArrayList<>(List.of(UNSHARE.toString(), "--mount", "/bin/sh"));
        words.addAll(List.of("-c", ENTER, folder.toString(), dockerfile.user()));
        words.addAll(command);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return LinkedImage.run(words, variables);
    }
}
