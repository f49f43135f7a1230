package loom.dispatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes the shell script that starts the demo. The build runs it; the script uses the build's JDK.
 */
public final class LauncherScript {
    private static final String SCRIPT =
            """
            #!/bin/sh
            # Starts the demo with the JDK that built it. The build wrote this script. It works from any
            # directory and through a symbolic link, but must stay where it was built.
            self=$(readlink -f -- "$0") && target=${self%%/*} || exit 1
            java=%s
            if ! [ -x "$java" ]; then
                echo "demo: no Java at $java: run mvn -q -DskipTests package again" >&2
                exit 1
            fi
            # C2 would compile the simulator in the background and disturb the measurement
            tiers=
            [ "${1-}" = measure ] && tiers=-XX:TieredStopAtLevel=1
            exec "$java" $tiers -XX:+UseSerialGC -Xmx512m -Dstdout.encoding=UTF-8 -Dloom.demo.target="$target" \\
                --class-path "$target/classes:$target/lib/*" loom.dispatch.demo.Demo "$@"
            """;

    private LauncherScript() {}

    /** Writes the script to the file that the only argument names. */
    public static void main(String[] arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path script = Path.of(arguments[0]);
        Files.writeString(script, of(java));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public static String of(Path java) {
        return SCRIPT.formatted("'" + java.toString().replace("'", "'\\''") + "'");
    }
}
