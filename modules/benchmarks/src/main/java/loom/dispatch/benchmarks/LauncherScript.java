package loom.dispatch.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes the shell script that starts the benchmarks. The build runs it; the script uses the
 * build's JDK.
 */
final class LauncherScript {
    private static final String SCRIPT =
            """
            #!/bin/sh
            # Starts the benchmarks; without arguments it lists them. Written by the build.
            self=$(readlink -f -- "$0") && target=${self%%/*} || exit 1
            exec '%s' -XX:+UseSerialGC -Xmx4g -Dbench.target="$target" -Dservers=process \\
                --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
                --class-path "$target/classes:$target/lib/*" loom.dispatch.benchmarks.Bench "$@"
            """;

    private LauncherScript() {}

    /** Writes the script to the file that the only argument names. */
    public static void main(String[] arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path script = Path.of(arguments[0]);
        Files.writeString(script, SCRIPT.formatted(java));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
